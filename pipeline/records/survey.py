"""Look once over a landed file's bytes before the engine reads them.

One pass unpacks the file where it is packed, counts its lines (the independent count that staging must account for),
reads its header line, and tells whether it holds anything that the engine would misread without a word: NUL bytes,
bytes that are not UTF-8, carriage returns other than in CRLF line ends.

Belongs here: bytes in, text that the engine can read. Does not belong here: what stands in a line (see `mend`).
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

import numpy as np

from pipeline.records.headers import Header, UnreadableError, read_header
from pipeline.records.layout import TABLES
from pipeline.source.provenance import LandedFile

BLOCK_BYTES: Final = 4 * 1024 * 1024
LONGEST_HEADER: Final = 64 * 1024
"""Bytes in which the header line must end; the longest of the layout has 900."""
_NEWLINE: Final = 10


@dataclass(frozen=True)
class Survey:
    """What one look found.

    Attributes:
        file: the landed file.
        header: where its columns stand.
        text: the file as plain text with LF line ends, header line first: the landed file itself where it is that
            already, else a copy.
        lines: lines below the header, also blank ones; a last line without a line end counts.
        misread: whether the engine would misread it without a word, so that its lines must be mended first.
    """

    file: LandedFile
    header: Header
    text: Path
    lines: int
    misread: bool


def survey(file: LandedFile, copy: Path) -> Survey:
    """Look over `file`; a plain copy of it is written to `copy` where one is needed.

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
            with copy.open("wb") as out:
                lines, misread = _look(first, blocks, out)
            return Survey(file, header, copy, lines, misread)
        lines, misread = _look(first, blocks, None)
        return Survey(file, header, file.path, lines, misread)


class open_text:  # noqa: N801 - reads as the verb it is: `with open_text(file) as blocks`
    """Blocks of a landed file's unpacked bytes, each but the last ending with a line end.

    Raises:
        UnreadableError: the file cannot be unpacked, or a line is longer than any table's.
    """

    def __init__(self, file: LandedFile) -> None:
        """Open nothing yet."""
        self.file = file

    def __enter__(self) -> Iterator[bytes]:
        opened = gzip.open if self.file.path.suffix == ".gz" else open
        self._stream = cast(BinaryIO, opened(self.file.path, "rb"))
        return self._blocks()

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def _blocks(self) -> Iterator[bytes]:
        rest = b""
        while piece := self._read():
            cut = piece.rfind(b"\n") + 1
            if cut:
                yield rest + piece[:cut]
                rest = piece[cut:]
            else:
                rest += piece
            if len(rest) > 16 * BLOCK_BYTES:
                raise UnreadableError(
                    f"{self.file.file_name} holds a line of more than {len(rest):,} bytes; that is no table"
                )
        if rest:
            yield rest

    def _read(self) -> bytes:
        try:
            return self._stream.read(BLOCK_BYTES)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise UnreadableError(f"{self.file.file_name} cannot be unpacked: {error}. Land it again") from error


def _look(first: bytes, blocks: Iterator[bytes], out: BinaryIO | None) -> tuple[int, bool]:
    lines, misread = -1, False  # the header line is none
    block = first
    while block:
        returns = block.count(b"\r")
        if returns:
            misread = misread or returns != block.count(b"\r\n") or out is None
            block = block.replace(b"\r\n", b"\n")
        lines += int(np.count_nonzero(np.frombuffer(block, np.uint8) == _NEWLINE))
        lines += not block.endswith(b"\n")
        misread = misread or b"\0" in block or not is_utf8(block)
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
