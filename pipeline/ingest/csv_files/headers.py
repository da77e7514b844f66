"""The header line of a file: the order of its columns."""

from __future__ import annotations

import csv
import difflib
import re
from dataclasses import dataclass
from typing import Final

from pipeline.ingest.formats.ams import Table

OTHER_DELIMITERS: Final = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
WIDE_BOMS: Final = (b"\xff\xfe", b"\xfe\xff")
BOM: Final = b"\xef\xbb\xbf"
NEAR: Final = 0.6
"""Similarity (difflib's ratio) from which an unknown column is named as the nearest to a missing one."""


class UnreadableError(Exception):
    """A file cannot be read as its table."""


@dataclass(frozen=True)
class Header:
    """The columns of one file.

    Attributes:
        columns: in file order, the layout's name of each column, or None for one that the layout does not know.
        names: the names as written in the file.
        notes: differences from the layout that were accepted.
    """

    columns: tuple[str | None, ...]
    names: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def extras(self) -> tuple[int, ...]:
        """Positions of the columns that the layout does not know."""
        return tuple(position for position, column in enumerate(self.columns) if column is None)

    def position(self, column: str) -> int:
        """Return the position of a column of the layout, from 0."""
        return self.columns.index(column)


def read_header(line: bytes, table: Table, file_name: str) -> Header:
    """Return the header that a line is.

    Accepted and noted: another order, other case, blanks around names, unknown columns, absent contact columns
    (they are never loaded).

    Args:
        line: the first line of the file.
        table: the layout that the file should have.
        file_name: for messages.

    Raises:
        UnreadableError: it is no header of this table; the message names the missing column and the nearest one found.
    """
    if line.startswith(WIDE_BOMS) or line.count(b"\0") > len(line) // 3:
        raise UnreadableError(f"{file_name} is UTF-16 (or UTF-32) text; UTF-8 is read. Have it delivered as UTF-8")
    names = _split(line, file_name)
    if not any(names):
        raise UnreadableError(f"{file_name} is empty: not even the header line of {table.name} is in it")
    _check_delimiter(names, table, file_name)
    columns = tuple(known if (known := _plain(name)) in table.columns else None for name in names)
    twice = sorted({column for column in columns if column is not None and columns.count(column) > 1})
    if twice:
        raise UnreadableError(f"{file_name} has column {', '.join(twice)} more than once; once is expected")
    absent = [column for column in table.columns if column not in columns]
    missing = [column for column in absent if column not in table.dropped]
    unknown = [name for name, column in zip(names, columns, strict=True) if column is None]
    if missing:
        raise UnreadableError(_missing(missing, unknown, table, file_name))
    return Header(columns, names, tuple(_notes(names, columns, unknown, absent, table)))


def is_header(line: bytes, header: Header) -> bool:
    """Whether a line below the header repeats it."""
    names = _without_boms(line).decode("utf-8", "replace").strip("\r\n").split(",")
    return [_plain(name.strip(' "')) for name in names] == [_plain(name) for name in header.names]


def _split(line: bytes, file_name: str) -> tuple[str, ...]:
    text = _without_boms(line).decode("utf-8", "replace").strip("\r\n")
    try:
        return tuple(name.strip() for name in next(csv.reader([text]), []))
    except csv.Error as error:
        raise UnreadableError(
            f"{file_name}: the first line is no header line ({error}); lines must end in LF or CRLF"
        ) from None


def _without_boms(line: bytes) -> bytes:
    """Return a line without the marks before it: a file that was saved twice has two."""
    while line.startswith(BOM):
        line = line.removeprefix(BOM)
    return line


def _plain(name: str) -> str:
    return re.sub(r"\s+", "_", name.strip().lower())


def _check_delimiter(names: tuple[str, ...], table: Table, file_name: str) -> None:
    for sign, name in OTHER_DELIMITERS.items():
        if sum(name.count(sign) for name in names) >= len(table.columns) - 1 > len(names):
            raise UnreadableError(f"{file_name} is delimited by {name}; commas are expected. Have it delivered anew")


def _missing(missing: list[str], unknown: list[str], table: Table, file_name: str) -> str:
    plain = {_plain(name): name for name in unknown}
    parts = []
    for column in missing:
        near = difflib.get_close_matches(column, plain, n=1, cutoff=NEAR)
        hint = f", the nearest found is {plain[near[0]]!r}" if near else ", and nothing found is near it"
        parts.append(f"column {column} is missing{hint}")
    return (
        f"{file_name}: {'; '.join(parts)}. The {table.name} table needs {len(table.columns) - len(table.dropped)} "
        "columns; have the file delivered with that name, or change the layout if the source renamed it for good"
    )


def _notes(
    names: tuple[str, ...], columns: tuple[str | None, ...], unknown: list[str], absent: list[str], table: Table
) -> list[str]:
    notes = []
    if unknown:
        notes.append(f"unknown column set aside: {', '.join(unknown)}")
    if absent:
        notes.append(f"contact column absent: {', '.join(absent)}")
    known = [column for column in columns if column is not None]
    if known != [column for column in table.columns if column in known]:
        notes.append("columns in another order")
    if any(column is not None and column != name for name, column in zip(names, columns, strict=True)):
        notes.append("column names in other case or with blanks")
    return notes
