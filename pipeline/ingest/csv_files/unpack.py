"""The bytes of a landed file, unpacked, in blocks of whole lines."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final

from pipeline.ingest import parquet_text
from pipeline.ingest.csv_files.headers import UnreadableError
from pipeline.ingest.landing.files import LandedFile

BLOCK_BYTES: Final = 1024 * 1024
LONGEST_BLOCK: Final = 64 * 1024 * 1024
"""Bytes in which a line must end; longer ones would fill the memory before they could be quarantined."""


@contextmanager
def open_text(file: LandedFile) -> Iterator[Iterator[bytes]]:
    """Yield blocks of a landed file's unpacked bytes, each but the last ending with a line end.

    Where carriage returns alone end the lines, they are yielded as LF. A Parquet file is yielded as CSV.

    Raises:
        UnreadableError: the file cannot be unpacked, or a line is longer than any table's.
    """
    if file.path.suffix == parquet_text.SUFFIX:
        yield _rows(file)
        return
    with gzip.open(file.path) if file.path.suffix == ".gz" else file.path.open("rb") as stream:
        yield _whole_lines(stream, file.file_name)


def _rows(file: LandedFile) -> Iterator[bytes]:
    try:
        yield from parquet_text.csv_blocks(file.path)
    except parquet_text.ParquetError as error:
        raise UnreadableError(f"{file.file_name} {error}. Land it again") from error


def _whole_lines(stream: IO[bytes] | gzip.GzipFile, file_name: str) -> Iterator[bytes]:
    rest = b""
    returns: bool | None = None
    while block := _read(stream, file_name):
        if returns is None:
            returns = b"\n" not in block and b"\r" in block
        if returns:
            block = block.replace(b"\r", b"\n")
        cut = block.rfind(b"\n") + 1
        if cut:
            yield rest + block[:cut]
            rest = block[cut:]
        else:
            rest += block
        if len(rest) > LONGEST_BLOCK:
            raise UnreadableError(f"{file_name} has a line of more than {len(rest):,} bytes; that is no table")
    if rest:
        yield rest


def _read(stream: IO[bytes] | gzip.GzipFile, file_name: str) -> bytes:
    try:
        return stream.read(BLOCK_BYTES)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UnreadableError(f"{file_name} cannot be unpacked: {error}. Land it again") from error
