"""Part a file's lines into rows that can be loaded and lines that cannot, each with its place and reason.

A *row* is one line below the header, or the several lines of one properly quoted field; blank lines are none. Only
rows begin with an identifier, so a quote that is still open where the next row begins was never closed: its line is
set aside alone, and the rows that it would swallow are kept.

Belongs here: walking through the lines. Does not belong here: what a line must look like (see `grammar`).
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from pipeline.records.grammar import LONGEST_LINE, Fault, Grammar, begins_row
from pipeline.records.layout import TABLES
from pipeline.records.survey import Survey, is_utf8, open_text

MOST_LINES: Final = 200
"""Lines of one quoted field; a manifest field has 35 characters a line and some ten lines."""


@dataclass(frozen=True)
class BadRow:
    """A row that is not loaded.

    Attributes:
        line: of the unpacked file, the header being line 1.
        byte_offset: of its first byte in the unpacked file.
        fault: the reason.
        raw: its bytes without the line end.
    """

    line: int
    byte_offset: int
    fault: Fault
    raw: bytes


@dataclass
class Mended:
    """What became of a file's lines.

    Attributes:
        kept: rows written for the engine.
        bad: rows set aside.
        lines: lines below the header that were walked through.
        recoded: rows that were not UTF-8 and are read as Windows-1252 (or Latin-1).
        blank: blank lines.
        joined: rows over several lines.
    """

    kept: int = 0
    bad: int = 0
    lines: int = 0
    recoded: int = 0
    blank: int = 0
    joined: int = 0


def mend(seen: Survey, out: Path, aside: Callable[[BadRow], None]) -> Mended:
    """Write the loadable rows of a file to `out` as UTF-8 with LF line ends, in order; hand the others to `aside`."""
    with open_text(seen.file) as blocks, out.open("wb") as text:
        walk = _Walk(Grammar(TABLES[seen.file.table], seen.header), text, aside)
        first = next(blocks, b"")
        end = first.find(b"\n") + 1 or len(first)
        text.write(first[:end].rstrip(b"\r\n") + b"\n")
        walk.skip_header(end)
        walk.take(first[end:])
        for block in blocks:
            walk.take(block)
        walk.finish()
    return walk.result


class _Walk:
    def __init__(self, grammar: Grammar, out: BinaryIO, aside: Callable[[BadRow], None]) -> None:
        self.result = Mended()
        self._grammar, self._out, self._aside = grammar, out, aside
        self._rest = b""
        self._offset = 0

    def skip_header(self, size: int) -> None:
        self._offset = size

    def take(self, block: bytes, *, last: bool = False) -> None:
        """Walk through whole lines; those of a quoted field that is still open wait for the next block."""
        block = self._rest + block
        self._rest = b""
        position = 0
        stop = self._valid_until(block, 0)
        while position < len(block):
            end = self._grammar.run.match(block, position, stop).end()  # type: ignore[union-attr]
            self._keep(block[position:end].replace(b"\r\n", b"\n"), block.count(b"\n", position, end))
            position = end
            if position == len(block):
                break
            size = self._one(block, position, last)
            if not size:
                self._rest = block[position:]
                break
            position += size
            if position > stop:
                stop = self._valid_until(block, position)
        self._offset += position

    def finish(self) -> None:
        """Take what waited for lines that do not come."""
        self.take(b"", last=True)

    def _valid_until(self, block: bytes, start: int) -> int:
        """Start of the first line at or after `start` that is not UTF-8; decoding stops there, so it costs the way."""
        try:
            codecs.utf_8_decode(memoryview(block)[start:], "strict", True)
        except UnicodeDecodeError as error:
            return block.rfind(b"\n", 0, start + error.start) + 1
        return len(block)

    def _one(self, block: bytes, position: int, last: bool) -> int:
        """Place the line at `position`; its size with its line end, or 0 when more lines are needed first."""
        end = block.find(b"\n", position) + 1 or len(block)
        line = block[position:end]
        text = _without_end(line)
        if not text.strip(b" \t\r"):
            self.result.blank += 1
            self.result.lines += 1
            return len(line)
        recoded = not is_utf8(text)
        if recoded:
            text = _recode(text)
        if self._grammar.is_record(text) and len(text) < LONGEST_LINE:
            self._keep(text + b"\n", 1)
            self.result.recoded += recoded
            return len(line)
        if self._grammar.is_open(text):
            joined = self._join(block, position, last)
            if joined is None:
                return 0
            if joined:
                return joined
        self._set_aside(position, text)
        return len(line)

    def _join(self, block: bytes, position: int, last: bool) -> int | None:
        """Size of the row over several lines at `position`; 0 when it is none, None when more lines are needed."""
        end = block.find(b"\n", position) + 1
        for lines in range(2, MOST_LINES + 1):
            start, end = end, block.find(b"\n", end) + 1 or len(block)
            if not start or start == len(block):
                return 0 if last else None
            if begins_row(block[start:end]):
                return 0
            if b'"' not in block[start:end]:
                continue
            text = _without_end(block[position:end]).replace(b"\r\n", b"\n")
            recoded = not is_utf8(text)
            if recoded:
                text = _recode(text)
            if self._grammar.is_record(text):
                self._keep(text + b"\n", lines, rows=1)
                self.result.joined += 1
                self.result.recoded += recoded
                return end - position
        return 0

    def _keep(self, text: bytes, lines: int, rows: int | None = None) -> None:
        self._out.write(text)
        self.result.kept += lines if rows is None else rows
        self.result.lines += lines

    def _set_aside(self, position: int, text: bytes) -> None:
        self.result.bad += 1
        self.result.lines += 1
        line = self.result.lines + 1
        self._aside(BadRow(line, self._offset + position, self._grammar.fault(text), text))


def _without_end(line: bytes) -> bytes:
    return line.removesuffix(b"\n").removesuffix(b"\r")


def _recode(text: bytes) -> bytes:
    try:
        return text.decode("cp1252").encode()
    except UnicodeDecodeError:  # cp1252 leaves five bytes undefined, Latin-1 none
        return text.decode("latin-1").encode()
