"""CSV files of people as spreadsheets write them: encodings, separators, quoting, and cells that a spreadsheet runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from pipeline.settings import SettingsError

SEPARATORS: Final = (",", ";", "\t")
"""What spreadsheets write, by their language: comma, semicolon, tabulator ("Unicode text")."""
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that begins with one of these as a formula."""
MOST_FAULTS: Final = 50


@dataclass(frozen=True)
class Form:
    """The form of a file.

    Attributes:
        variable: the setting that names it.
        columns: those that are read; a line whose first cell begins with `#` under the first of them is a comment.
        required: those that it must have.
        error: raised when it cannot be used.
        ignored: further columns that it may have.
        is_strict: whether an unknown column is a fault also where it is like no known one, and a cell that a
            spreadsheet would run as well.
    """

    variable: str
    columns: tuple[str, ...]
    required: tuple[str, ...]
    error: type[SettingsError]
    ignored: tuple[str, ...] = ()
    is_strict: bool = False


def read_bytes(path: Path, form: Form) -> bytes:
    """Return the bytes of the file.

    Raises:
        SettingsError: of the form's kind; it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise form.error(f"{form.variable}: {path} cannot be read ({reason}); correct the path or unset it") from None


def read_cells(
    path: Path, data: bytes, form: Form, faults: list[str], warnings: list[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield number and cells of each line that is neither empty nor a comment; check header and lines on the way.

    Args:
        path: for messages.
        data: the file's bytes.
        form: its columns.
        faults: faults are appended to it, each with its line.
        warnings: what was ignored is appended to it.

    Raises:
        SettingsError: of the form's kind; it is no text file.
    """
    text = _text(path, data, form, warnings)
    first, _, rest = text.partition("\n")
    hint = first.strip().lower()
    skipped = 0
    if hint.startswith("sep=") and len(hint) == len("sep=;"):
        text, skipped, first = rest, 1, rest.partition("\n")[0]
    separator = max(SEPARATORS, key=lambda mark: len(set(form.columns) & set(_names(first.split(mark)))))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header: list[str] = []
    line = skipped + 1
    try:
        for cells in reader:
            if not header:
                header = _names(cells)
                faults.extend(f"line {line}: {fault}" for fault in _header_faults(header, form, warnings, line))
                if faults:
                    return
            elif any(cell.strip() for cell in cells) and not (
                header[0] == form.columns[0] and cells[0].startswith("#")
            ):
                row = _row(line, header, cells, form, faults)
                if row:
                    yield line, row
            line = skipped + reader.line_num + 1
    except csv.Error as fault:
        faults.append(
            f"line {line}: {fault}; a quote opens a cell here and does not close it. Write a quote inside a cell twice"
        )
    if not header and not faults:
        faults.append(f"it is empty; give at least the line of columns: {','.join(form.columns)}")


def refuse(path: Path | None, form: Form, faults: list[str]) -> None:
    """Raise one error with all `faults`; do nothing when there are none."""
    if faults:
        shown = faults[:MOST_FAULTS]
        if len(faults) > MOST_FAULTS:
            shown.append(f"and {len(faults) - MOST_FAULTS} more")
        raise form.error("\n".join([f"{form.variable}: {path} cannot be used:", *(f"  {text}" for text in shown)]))


def defuse(cell: object) -> str:
    """Return a cell that no spreadsheet runs as a formula; `read_cells` removes the apostrophe again."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_rows(rows: Iterable[Mapping[str, object]], columns: Iterable[str]) -> str:
    """Return a file with these rows, as every spreadsheet opens it (comma, CRLF); save it with a byte-order mark."""
    names = list(columns)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(names)
    for row in rows:
        writer.writerow([defuse(row.get(name)) for name in names])
    return out.getvalue()


def _text(path: Path, data: bytes, form: Form, warnings: list[str]) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\0" in data or data.startswith(b"PK\x03\x04"):
        raise form.error(f"{form.variable}: {path} is no text file; save the sheet as CSV UTF-8")
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as fault:
        if encoding == "utf-16":
            raise form.error(f"{form.variable}: {path} is cut short; save the sheet as CSV UTF-8") from None
        line = data.count(b"\n", 0, fault.start) + 1
        warnings.append(f"line {line}: not UTF-8; the file is read as Windows-1252. Save it as CSV UTF-8 to be safe")
        return data.decode("cp1252", errors="replace")


def _row(line: int, header: list[str], cells: list[str], form: Form, faults: list[str]) -> dict[str, str] | None:
    if any(cell.strip() for cell in cells[len(header) :]):
        faults.append(
            f"line {line}: {len(cells)} cells under {len(header)} columns; put a cell with a separator in quotes"
        )
        return None
    formulas = [cell.strip() for cell in cells if form.is_strict and cell.strip().startswith(FORMULA_STARTS)]
    if formulas:
        faults.extend(
            f"line {line}: {text[:40]!r} is what a spreadsheet runs as a formula; if it is meant literally, put an "
            f"apostrophe before it"
            for text in formulas
        )
        return None
    given = dict(zip(header, map(_clean, cells), strict=False))
    return {column: given.get(column, "") for column in form.columns}


def _names(cells: Iterable[str]) -> list[str]:
    return ["_".join(cell.strip().strip('"').lower().split()) for cell in cells]


def _header_faults(header: list[str], form: Form, warnings: list[str], line: int) -> Iterator[str]:
    for column in form.required:
        if column not in header:
            yield f"the column {column} is missing; the columns are {', '.join(form.columns)}"
    for column in dict.fromkeys(header):
        if header.count(column) > 1 and column in form.columns:
            yield f"the column {column} appears twice"
        if not column or column in form.columns or column in form.ignored:
            continue
        near = get_close_matches(column, form.columns, 1)
        if near:
            yield f"the column {column!r} is unknown; did you mean {near[0]}?"
        elif form.is_strict:
            yield f"the column {column!r} is unknown; the columns are {', '.join(form.columns)}"
        else:
            warnings.append(f"line {line}: the column {column!r} is not read")


def _clean(cell: str) -> str:
    """Return one cell as it was meant: blanks collapsed, the apostrophe of `defuse` removed."""
    cell = cell.strip()
    if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS):
        cell = cell[1:]
    return " ".join(cell.split())
