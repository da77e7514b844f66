"""Split a file's lines into rows that can be loaded and rows that cannot, each with its location and reason.

A *row* is one line below the header, or the several lines of one properly quoted field; blank lines are none. Only
rows begin with an identifier, so a quote that is still open where the next row begins was never closed: its line is
quarantined alone, and the rows behind it are loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import BinaryIO, Final

from pipeline.ingest.csv_files.grammar import LONGEST_LINE, Fault, Grammar, begins_row
from pipeline.ingest.csv_files.scan import count_lines, doubtful_lines, is_utf8, lines_not_utf8

MOST_LINES: Final = 200
"""Most lines of one quoted field; a manifest field has 35 characters a line and some ten lines."""


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
class RowCounts:
    """Counts of a file's rows and lines.

    Attributes:
        loadable: rows written for the engine.
        bad: rows quarantined.
        lines: lines below the header that were read.
        recoded: rows that were not UTF-8 and are read as Windows-1252 (or Latin-1).
        blank: blank lines.
        joined: rows over several lines.
    """

    loadable: int = 0
    bad: int = 0
    lines: int = 0
    recoded: int = 0
    blank: int = 0
    joined: int = 0


class RowSplitter:
    """Splits a file's lines, block by block.

    Attributes:
        rows: counts so far.
    """

    def __init__(
        self, grammar: Grammar, out: BinaryIO, quarantine: Callable[[BadRow], None], *, offset: int, exact: bool
    ) -> None:
        """Start below the header line.

        Args:
            grammar: the pattern of a line.
            out: receives the loadable rows as UTF-8 with LF line ends, in order.
            quarantine: receives the others.
            offset: bytes of the header line.
            exact: match every line against the pattern; else only those that the quick scan doubts, which does not see
                that a row lacks a key.
        """
        self.rows = RowCounts()
        self._grammar, self._out, self._quarantine = grammar, out, quarantine
        self._offset = offset
        self._find = self._lines_off_pattern if exact else self._doubtful_lines
        self._rest = b""

    def feed(self, block: bytes, *, last: bool = False) -> None:
        """Split whole lines; those of a quoted field that is still open wait for the next block."""
        block = self._rest + block
        self._rest = b""
        position = 0
        for start in self._find(block):
            if start < position:  # a further line of a row that is split off already
                continue
            self._write(block, position, start)
            size = self._split_one(block, start, last)
            position = start + size
            if not size:
                self._rest = block[start:]
                self._offset += start
                return
        self._write(block, position, len(block))
        self._offset += len(block)

    def finish(self) -> None:
        """Split the lines that waited for more."""
        self.feed(b"", last=True)

    def _doubtful_lines(self, block: bytes) -> Iterable[int]:
        whole = block.rfind(b"\n") + 1
        if whole:
            yield from doubtful_lines(block[:whole], self._grammar.header).tolist()
        if whole < len(block):  # the file's last line has no line end, and gets one
            yield whole

    def _lines_off_pattern(self, block: bytes) -> Iterable[int]:
        position = 0
        for stop in (*lines_not_utf8(block), len(block)):
            while (position := self._grammar.end_of_run(block, position, stop)) < stop:
                yield position
                position = block.find(b"\n", position) + 1 or len(block)
            if stop < len(block):
                yield stop
                position = block.find(b"\n", stop) + 1 or len(block)

    def _split_one(self, block: bytes, position: int, last: bool) -> int:
        """Split off the row at `position`; return its bytes with line ends, or 0 when more lines are needed first."""
        end = block.find(b"\n", position) + 1 or len(block)
        line = block[position:end]
        text = _without_end(line)
        if not text.strip(b" \t\r"):
            self.rows.blank += 1
            self.rows.lines += 1
            return len(line)
        recoded = not is_utf8(text)
        if recoded:
            text = _recode(text)
        if len(text) < LONGEST_LINE and self._grammar.is_record(text):
            self._write(text + b"\n", 0, len(text) + 1)
            self.rows.recoded += recoded
            return len(line)
        if self._grammar.is_open(text):
            joined = self._join(block, position, last)
            if joined is None:
                return 0
            if joined:
                return joined
        self.rows.bad += 1
        self.rows.lines += 1
        self._quarantine(BadRow(self.rows.lines + 1, self._offset + position, self._grammar.fault(text), text))
        return len(line)

    def _join(self, block: bytes, position: int, last: bool) -> int | None:
        """Return the size of the row over several lines at `position`; 0 if none, None if more lines are needed."""
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
                self._out.write(text + b"\n")
                self.rows.loadable += 1
                self.rows.lines += lines
                self.rows.joined += 1
                self.rows.recoded += recoded
                return end - position
        return 0

    def _write(self, block: bytes, start: int, end: int) -> None:
        """Write one-line rows."""
        text = memoryview(block)[start:end]
        lines = count_lines(text)
        self._out.write(bytes(text).replace(b"\r\n", b"\n") if b"\r" in block else text)
        self.rows.loadable += lines
        self.rows.lines += lines


def _without_end(line: bytes) -> bytes:
    return line.removesuffix(b"\n").removesuffix(b"\r")


def _recode(text: bytes) -> bytes:
    try:
        return text.decode("cp1252").encode()
    except UnicodeDecodeError:  # cp1252 leaves five bytes undefined, Latin-1 none
        return text.decode("latin-1").encode()
