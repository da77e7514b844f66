"""The bytes of a landed file, unpacked, in blocks of whole lines."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final

from pipeline.ingest.csv_files.headers import UnreadableError
from pipeline.ingest.landing.files import LandedFile

BLOCK_BYTES: Final = 1024 * 1024
PACKED_BLOCK_BYTES: Final = 256 * 1024
LONGEST_BLOCK: Final = 64 * 1024 * 1024
"""Bytes in which a line must end; longer ones would fill the memory before they could be set aside."""
GZIP: Final = 31
"""`wbits` for a gzip header and the largest window."""


@contextmanager
def open_text(file: LandedFile) -> Iterator[Iterator[bytes]]:
    """Blocks of a landed file's unpacked bytes, each but the last ending with a line end.

    Raises:
        UnreadableError: the file cannot be unpacked, or a line is longer than any table's.
    """
    with file.path.open("rb") as stream:
        yield _whole_lines(_unpacked(file, stream) if file.path.suffix == ".gz" else _pieces(stream), file.file_name)


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(BLOCK_BYTES):
        yield piece


def _unpacked(file: LandedFile, stream: BinaryIO) -> Iterator[bytes]:
    """The bytes of all members of a gzip file; landing has proven that it is whole."""
    inflater = zlib.decompressobj(wbits=GZIP)
    data = b""
    try:
        while data := data or stream.read(PACKED_BLOCK_BYTES):
            if piece := inflater.decompress(data, BLOCK_BYTES):
                yield piece
            data = inflater.unconsumed_tail
            if inflater.eof:
                data = inflater.unused_data
                inflater = zlib.decompressobj(wbits=GZIP)
    except zlib.error as error:
        raise UnreadableError(f"{file.file_name} cannot be unpacked: {error}. Land it again") from error


def _whole_lines(pieces: Iterator[bytes], file_name: str) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        cut = piece.rfind(b"\n") + 1
        if cut:
            yield rest + piece[:cut]
            rest = piece[cut:]
        else:
            rest += piece
        if len(rest) > LONGEST_BLOCK:
            raise UnreadableError(f"{file_name} holds a line of more than {len(rest):,} bytes; that is no table")
    if rest:
        yield rest
