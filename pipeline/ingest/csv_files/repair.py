"""Split a file's lines into rows that can be loaded and rows that cannot, each with its location and reason.

A *row* is one line below the header, or the several lines of one properly quoted field; blank lines are none. A quote
was never closed where it is still open when a line follows that is a full row by itself, and where the row would have
more bytes than the limit: then the lines before the next one that begins with an identifier are one bad row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import BinaryIO

from pipeline.ingest.csv_files.grammar import (
    Fault,
    Grammar,
    begins_row,
    repaired,
    rows_of_line,
    without_control,
)
from pipeline.ingest.csv_files.headers import is_header
from pipeline.ingest.csv_files.scan import count_lines, doubtful_lines, is_utf8, lines_not_utf8


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
        repaired: rows loaded without the carriage returns or the delimiters that they had too many.
        control: bytes that no text has, read as blanks.
        longest: bytes of the longest row that did not go through the quick scan.
    """

    loadable: int = 0
    bad: int = 0
    lines: int = 0
    recoded: int = 0
    blank: int = 0
    joined: int = 0
    repaired: int = 0
    control: int = 0
    longest: int = 0


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
        self._skipping = False

    def feed(self, block: bytes, *, last: bool = False) -> None:
        """Split whole lines; those of a quoted field that is still open wait for the next block."""
        block, control = without_control(block)
        self.rows.control += control
        block = self._rest + block
        self._rest = b""
        position = self._skip(block) if self._skipping else 0
        begin = position
        for start in self._find(block[begin:]) if begin else self._find(block):
            start += begin
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
            yield from doubtful_lines(block[:whole], self._grammar.header, self._grammar.ordinary).tolist()
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
        text = _without_end(block[position:end])
        if not text.strip(b" \t\r"):
            self.rows.blank += 1
            self.rows.lines += 1
            return end - position
        if self._load(text, 1):
            return end - position
        if self._grammar.is_open(text):
            return self._split_over_lines(block, position, last)
        offset = self._offset + position
        for row in rows_of_line(text):
            other = repaired(row, len(self._grammar.header.columns))
            if other != text and self._load(other, 0):
                self.rows.repaired += 1
            elif other.strip():
                self._set_aside(offset, row, 0)
            offset += len(row) + 1
        self.rows.lines += 1
        return end - position

    def _split_over_lines(self, block: bytes, position: int, last: bool) -> int:
        """Split off the row over several lines at `position`, or the lines that its open quote damages."""
        end = self._grammar.end_of_record(block, position)
        is_open = end < 0 and self._grammar.is_open(block[position:])
        next_row, is_whole = self._next_row(block, position, end if end >= 0 else len(block), whole=end >= 0 or is_open)
        if end >= 0 and not is_whole:
            text = block[position:end]
            if self._load(text.replace(b"\r\n", b"\n"), count_lines(text) + 1):
                self.rows.joined += 1
            else:
                self._set_aside(self._offset + position, text, count_lines(text) + 1, is_whole=True)
            return (block.find(b"\n", end) + 1 or len(block)) - position
        if not (last or len(block) - position > self._grammar.longest or (is_whole if is_open else next_row)):
            return 0
        self._skipping = not next_row and not last
        damage = block[position : next_row or len(block)]
        self._set_aside(self._offset + position, _without_end(damage), count_lines(_without_end(damage)) + 1)
        return len(damage)

    def _next_row(self, block: bytes, position: int, stop: int, *, whole: bool) -> tuple[int, bool]:
        """Return where the next row begins behind the line at `position` and before `stop` (0: nowhere).

        With `whole`, also whether one of these lines is a row by itself.
        """
        next_row = 0
        start = block.find(b"\n", position, stop) + 1
        while 0 < start < stop:
            end = block.find(b"\n", start) + 1 or len(block)
            line = _without_end(block[start:end])
            is_row = self._grammar.is_record(line)
            if not next_row and (is_row or begins_row(line) or is_header(line, self._grammar.header)):
                next_row = start
            if is_row or (next_row and not whole):
                return next_row, is_row
            start = end
        return next_row, False

    def _skip(self, block: bytes) -> int:
        """Return where the first row begins in a block that goes on with a damage that is quarantined already."""
        found, _ = self._next_row(b"\n" + block, 0, len(block) + 1, whole=False)
        self._skipping = not found
        skipped = block[: found - 1] if found else block
        self.rows.lines += count_lines(skipped) + (skipped != b"" and not skipped.endswith(b"\n"))
        return len(skipped)

    def _load(self, text: bytes, lines: int) -> bool:
        """Write a text of so many lines if it is one loadable row; return whether it is."""
        recoded = not is_utf8(text)
        if recoded:
            text = _recode(text)
        if not self._grammar.is_record(text):
            return False
        self._out.write(text + b"\n")
        self.rows.loadable += 1
        self.rows.lines += lines
        self.rows.recoded += recoded
        self.rows.longest = max(self.rows.longest, len(text))
        return True

    def _set_aside(self, offset: int, raw: bytes, lines: int, *, is_whole: bool = False) -> None:
        """Quarantine one row of so many lines; of one that is not whole the first line shows the fault."""
        text = raw if is_utf8(raw) else _recode(raw)
        shown = text if is_whole else text.partition(b"\n")[0]
        flat = shown.replace(b"\r", b" ").replace(b"\n", b" ")
        fault = self._grammar.fault(text if len(text) > self._grammar.longest else flat)
        self._quarantine(BadRow(self.rows.lines + 2, offset, fault, text))
        self.rows.bad += 1
        self.rows.lines += lines

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
