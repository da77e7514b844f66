"""Look once over a landed file's bytes before the engine reads them.

One pass unpacks the file where it is packed, counts its lines (the independent count that staging must account for),
reads its header line, and tells whether it holds anything that the engine would misread without a word: control bytes,
bytes that are not UTF-8, carriage returns other than in CRLF line ends.

Belongs here: bytes in, text that the engine can read. Does not belong here: what stands in a line (see `mend`).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from pipeline.records.grammar import CONTROL
from pipeline.records.headers import Header, UnreadableError, read_header
from pipeline.records.layout import TABLES
from pipeline.source.provenance import LandedFile

BLOCK_BYTES: Final = 1024 * 1024
PACKED_BLOCK_BYTES: Final = 256 * 1024
LONGEST_BLOCK: Final = 64 * 1024 * 1024
"""Bytes in which a line must end; longer ones would fill the memory before they could be set aside."""
GZIP: Final = 31
"""`wbits` for a gzip header and the largest window."""
LONGEST_HEADER: Final = 64 * 1024
"""Bytes in which the header line must end; the longest of the layout has 900."""
_NEWLINE: Final = 10
_BLANK: Final = 32


@dataclass(frozen=True)
class Survey:
    """What one look found.

    Attributes:
        file: the landed file.
        header: where its columns stand.
        text: the file as plain text with LF line ends, header line first: a link to the landed file where it is that
            already, else a copy.
        lines: lines below the header, also blank ones; a last line without a line end counts.
        misread: whether the engine would misread it without a word, so that its lines must be mended first.
    """

    file: LandedFile
    header: Header
    text: Path
    lines: int
    misread: bool


def survey(file: LandedFile, text: Path) -> Survey:
    """Look over `file` and put it at `text` as the engine can read it.

    Raises:
        UnreadableError: it cannot be unpacked, or its first line is not the header of its table.
    """
    with open_text(file) as blocks:
        first = next(blocks, b"")
        end = first.find(b"\n") + 1 or len(first)
        if end > LONGEST_HEADER:
            raise UnreadableError(
                f"{file.file_name}: the first line has more than {LONGEST_HEADER:,} bytes, no header of "
                f"{file.table} has; is it delimited and are its lines ended by LF or CRLF?"
            )
        header = read_header(first[:end], TABLES[file.table], file.file_name)
        crlf = first[:end].endswith(b"\r\n")
        if crlf or file.path.suffix == ".gz":
            with text.open("wb") as out:
                lines, misread = _look(first, blocks, out)
        else:
            text.symlink_to(file.path.resolve())
            lines, misread = _look(first, blocks, None)
        return Survey(file, header, text, lines, misread)


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


def _look(first: bytes, blocks: Iterator[bytes], out: BinaryIO | None) -> tuple[int, bool]:
    lines, misread = -1, False  # the header line is none
    block = first
    while block:
        codes = np.frombuffer(block, np.uint8)
        ends = int(np.count_nonzero(codes == _NEWLINE))
        lines += ends + (not block.endswith(b"\n"))
        if int(np.count_nonzero(codes < _BLANK)) != ends:  # line ends are all there is below a blank, most often
            returns = block.count(b"\r")
            misread |= bool(returns) and (returns != block.count(b"\r\n") or out is None)
            misread |= any(byte in block for byte in CONTROL)
            block = block.replace(b"\r\n", b"\n")
        misread |= not is_utf8(block)
        if out:
            out.write(block)
        block = next(blocks, b"")
    return max(lines, 0), misread


def is_utf8(block: bytes) -> bool:
    """Whether a block of whole lines is valid UTF-8."""
    if block.isascii():
        return True
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True
