"""The pattern of a loadable line, over bytes, and the reason why a line is not loadable.

A line is loadable when it has the header's number of fields, every quote opens and closes as RFC 4180 requires (blanks
around a quoted field are accepted, a quote inside an unquoted field is text, as DuckDB reads it), its identifier is
one, and its other key fields are filled. `typed` requires the same of keys in SQL; staging compares the two counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pipeline.ingest.csv_files.headers import Header, is_header
from pipeline.ingest.formats.ams import Table

ORDINARY_BYTES: Final = 1024 * 1024
"""Bytes of a line that the quick scan reads by itself and DuckDB without another buffer (its limit is twice this)."""

IDENTIFIER: Final = r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{1,10}"
"""Run date and row number. More digits than a BIGINT holds are no row number; month 00 is what a spreadsheet that
rounded to 2020000000000 leaves behind."""

_CALENDAR: Final = (
    r"(?:20\d\d{0}(?:(?:0[13578]|1[02]){0}(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11){0}(?:0[1-9]|[12]\d|30)"
    r"|02{0}(?:0[1-9]|1\d|2[0-8]))|20(?:[02468][048]|[13579][26]){0}02{0}29)"
)
KEY_DATE: Final = rf"(?:{_CALENDAR.format('-')}|{_CALENDAR.format('')})"
"""A day of this century that the calendar has, as 2026-11-30 or 20261130."""

_CONTROL: Final = bytes(code for code in [*range(0x20), 0x7F] if code not in b"\t\n\r")
"""Bytes that no text has; masking joins columns by two of them, a terminal acts on others."""
_AS_BLANKS: Final = bytes.maketrans(_CONTROL, b" " * len(_CONTROL))

_ROW_BEHIND_RETURN: Final = re.compile(rb'\r(?= *+"?' + IDENTIFIER.encode() + rb'"?,)')
_FLOAT: Final = re.compile(r"\d+\.\d*(?:[eE]\+?\d+)?|\d+[eE]\+?\d+|20\d\d00\d+", re.ASCII)
_ROW_START: Final = re.compile(rb' *+"?' + IDENTIFIER.encode() + rb'"?,')


@dataclass(frozen=True)
class Fault:
    """Why a line is not loadable.

    Attributes:
        reason: one of a few fixed codes.
        detail: what was expected and what was found; no value of a text column is in it.
    """

    reason: str
    detail: str


class Grammar:
    """The pattern of one table's lines under one header."""

    def __init__(self, table: Table, header: Header, longest: int) -> None:
        """Compile the patterns; they depend on the number and order of columns only.

        Args:
            table: the layout.
            header: the order of columns.
            longest: bytes of the longest row that is loaded.
        """
        self.table = table
        self.header = header
        self.longest = longest
        self.ordinary: Final = min(longest, ORDINARY_BYTES)
        line = b",".join(self._field(column) for column in header.columns)
        end = rb"\r?\n"
        self._run: Final = re.compile(rb"(?:(?![^\n]{%d})%s%s)*+" % (self.ordinary + 1, line, end))
        self._record: Final = re.compile(line.replace(_QUOTED, _QUOTED_OVER_LINES) + rb"(?=\r?\n|\r?\Z)")
        anything = _PLAIN + rb"|" + _QUOTED
        self._split: Final = re.compile(rb"(?:^|,)(%s)" % anything)
        self._structure: Final = re.compile(rb"(?:%s)(?:,(?:%s))*+" % (anything, anything))
        over_lines = anything.replace(_QUOTED, _QUOTED_OVER_LINES)
        more = len(header.columns) - 1
        self._unkeyed: Final = re.compile(rb"(?:%s)(?:,(?:%s)){%d}(?=\r?\n|\r?\Z)" % (over_lines, over_lines, more))
        self._open: Final = re.compile(rb'(?:(?:%s),)*+ *+"(?:[^"]++|"")*+' % over_lines)

    def end_of_run(self, block: bytes, start: int, stop: int) -> int:
        """Return the end of the run of loadable one-line rows that begins at `start`, at most `stop`."""
        found = self._run.match(block, start, stop)
        return found.end() if found else start

    def is_record(self, text: bytes) -> bool:
        """Whether one or several lines (without the last line's end) are one loadable row."""
        return len(text) <= self.longest and self._record.fullmatch(text) is not None

    def end_of_record(self, block: bytes, start: int) -> int:
        """Return where the row over one or several lines at `start` ends (before its line end); -1 if there is none.

        A row whose keys are no keys counts: the lines behind it are no part of it.
        """
        found = self._record.match(block, start) or self._unkeyed.match(block, start)
        return found.end() if found else -1

    def is_open(self, text: bytes) -> bool:
        """Whether a text ends inside a quoted field."""
        return self._open.fullmatch(text) is not None

    def fault(self, text: bytes) -> Fault:
        """Return why a line (without its end, valid UTF-8) is not loadable."""
        if len(text) > self.longest:
            return Fault(
                "row_too_long", f"{len(text):,} bytes; at most {self.longest:,} are read (LEVERAGE_MAX_ROW_BYTES)"
            )
        if is_header(text, self.header):
            return Fault("repeated_header", "the header line is repeated here")
        if self._open.fullmatch(text):
            return Fault("unclosed_quote", "a quote opens a field and does not close it before the next row begins")
        if not self._structure.fullmatch(text):
            return Fault("stray_quote", "text follows a closing quote; a quote inside a field must be doubled")
        values = [_content(field) for field in self._split.findall(text)]
        wanted = len(self.header.columns)
        if len(values) != wanted:
            reason = "too_few_columns" if len(values) < wanted else "too_many_columns"
            return Fault(reason, f"{wanted} columns are expected, {len(values)} were found")
        return self._key_fault(values)

    def _key_fault(self, values: list[str]) -> Fault:
        for column in self.table.keys:
            value = values[self.header.position(column)]
            if not value:
                return Fault("missing_key", f"{column} is empty")
            if column == "identifier" and not re.fullmatch(IDENTIFIER, value, re.ASCII):
                if _FLOAT.fullmatch(value):
                    return Fault("float_identifier", f"identifier {value} was once read as a number and is not exact")
                return Fault("bad_identifier", "the identifier is not a run date and a row number")
            if self.table.types.get(column) == "DATE" and not re.fullmatch(KEY_DATE, value, re.ASCII):
                return Fault("bad_key_date", f"{column} is not a date such as 2026-11-30")
        return Fault("unreadable", "the row matches no rule of the layout")

    def _field(self, column: str | None) -> bytes:
        if column == "identifier" and column in self.table.keys:
            return _exactly(IDENTIFIER)
        if column in self.table.keys and self.table.types.get(column or "") == "DATE":
            return _exactly(KEY_DATE)
        if column in self.table.keys:
            return rb'(?! *+(?:" *+" *+)?(?:,|\r?$|\r?\n))(?:' + _PLAIN + rb"|" + _QUOTED + rb")"
        return rb"(?:" + _PLAIN + rb"|" + _QUOTED + rb")"


def _exactly(value: str) -> bytes:
    """Return the pattern of a field with just this value, quoted or not, blanks around it or not."""
    return rb'(?: *+(?:%b|" *+%b *+") *+)' % (value.encode(), value.encode())


def _content(field: bytes) -> str:
    """Return the value of a field, without blanks around it and quotes."""
    text = field.decode().strip(" ")
    return text[1:-1].replace('""', '"').strip(" ") if text.startswith('"') else text


def begins_row(line: bytes) -> bool:
    """Whether a line is the start of a row: only these begin with an identifier."""
    return _ROW_START.match(line) is not None


def rows_of_line(text: bytes) -> list[bytes]:
    """Return the rows of a line: a carriage return outside of quotes ends one where an identifier follows."""
    return _ROW_BEHIND_RETURN.split(text)


def repaired(row: bytes, columns: int) -> bytes:
    """Return a row with blanks for its carriage returns, without the delimiters behind its last column."""
    row = row.strip(b"\r").replace(b"\r", b" ")
    while row.endswith(b",") and row.count(b",") >= columns:
        row = row[:-1]
    return row


def without_control(block: bytes) -> tuple[bytes, int]:
    """Return a block of the same length with blanks for the bytes that no text has, and how many there were."""
    if not any(code in block for code in _CONTROL):
        return block, 0
    return block.translate(_AS_BLANKS), len(block) - len(block.translate(None, _CONTROL))


_PLAIN: Final = rb'(?: *+[^ ",\r\n][^,\r\n]*+)'
_QUOTED: Final = rb'(?: *+(?:"(?:[^"\n]++|"")*+" *+)?)'
_QUOTED_OVER_LINES: Final = _QUOTED.replace(rb"\n", b"")
