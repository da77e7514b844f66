"""The overrides file as spreadsheets write it: encodings, separators, quoting, and cells that a spreadsheet would run.

Belongs here: bytes to checked lines, and lines to bytes. Does not belong here: what a line may say (`override_rows`),
what its names stand for (`overrides`).
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from pipeline.parties.override_rows import BESIDE, COLUMNS, DEMANDED, Row, check_row
from pipeline.settings import SettingsError

VARIABLE: Final = "LEVERAGE_OVERRIDES"
SEPARATORS: Final = (",", ";", "\t")
"""What spreadsheets write, by their language: comma, semicolon, tabulator ("Unicode text")."""
RUNS: Final = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins with one of these is run as a formula when the file is opened."""
MOST_FAULTS: Final = 50


class OverridesError(SettingsError):
    """The overrides file cannot be used; the message names the file and every line at fault."""


@dataclass(frozen=True)
class Sheet:
    """A file that is right line by line.

    Attributes:
        path: where it lies; None where no file is named.
        sha256: of its bytes; empty where no file is named.
        rows: the lines that say something.
        warnings: what was passed over.
    """

    path: Path | None
    sha256: str
    rows: tuple[Row, ...]
    warnings: tuple[str, ...] = ()


def read_sheet(path: Path | None) -> Sheet:
    """Read and check the file line by line; without a path nothing is overruled.

    Raises:
        OverridesError: it is not there, is no text, or lines are wrong; each is named with its fault.
    """
    if path is None:
        return Sheet(None, "", ())
    try:
        data = path.read_bytes()
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise OverridesError(f"{VARIABLE}: {path} cannot be read ({reason}); mend the path or unset it") from None
    faults: list[str] = []
    warnings: list[str] = []
    rows = []
    for line, cells in _lines(_text(path, data, warnings), faults, warnings):
        row = check_row(line, cells, faults)
        if row:
            rows.append(row)
    refuse(path, faults)
    return Sheet(path, hashlib.sha256(data).hexdigest(), tuple(rows), tuple(warnings))


def refuse(path: Path | None, faults: list[str]) -> None:
    """Raise one error that tells all `faults`; nothing happens when there are none."""
    if faults:
        told = faults[:MOST_FAULTS]
        if len(faults) > MOST_FAULTS:
            told.append(f"and {len(faults) - MOST_FAULTS} more")
        raise OverridesError("\n".join([f"{VARIABLE}: {path} cannot be used:", *(f"  {text}" for text in told)]))


def _text(path: Path, data: bytes, warnings: list[str]) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\0" in data or data.startswith(b"PK\x03\x04"):
        raise OverridesError(f"{VARIABLE}: {path} is no text file; save the sheet as CSV UTF-8")
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as fault:
        if encoding == "utf-16":
            raise OverridesError(f"{VARIABLE}: {path} is cut short; save the sheet as CSV UTF-8") from None
        line = data.count(b"\n", 0, fault.start) + 1
        warnings.append(f"line {line}: not UTF-8; the file is read as Windows-1252. Save it as CSV UTF-8 to be safe")
        return data.decode("cp1252", errors="replace")


def _lines(text: str, faults: list[str], warnings: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Number and cells of each line that says something; the header and the form of lines are checked on the way."""
    first, _, rest = text.partition("\n")
    hint = first.strip().lower()
    skipped = 0
    if hint.startswith("sep=") and len(hint) == len("sep=;"):
        text, skipped, first = rest, 1, rest.partition("\n")[0]
    separator = max(SEPARATORS, key=lambda mark: len(set(COLUMNS) & set(_names(first.split(mark)))))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header: list[str] = []
    line = skipped + 1
    try:
        for cells in reader:
            if not header:
                header = _names(cells)
                faults.extend(f"line {line}: {fault}" for fault in _header_faults(header, warnings, line))
                if faults:
                    return
            elif any(cell.strip() for cell in cells) and not (header[0] == "action" and cells[0].startswith("#")):
                row = _row(line, header, cells, faults, warnings)
                if row:
                    yield line, row
            line = skipped + reader.line_num + 1
    except csv.Error as fault:
        faults.append(
            f"line {line}: {fault}; a quote opens a cell here and does not close it. Write a quote inside a cell twice"
        )
    if not header and not faults:
        faults.append(f"it is empty; give at least the line of columns: {','.join(COLUMNS)}")


def _row(
    line: int, header: list[str], cells: list[str], faults: list[str], warnings: list[str]
) -> dict[str, str] | None:
    if any(cell.strip() for cell in cells[len(header) :]):
        faults.append(
            f"line {line}: {len(cells)} cells under {len(header)} columns; put a cell with a separator in quotes"
        )
        return None
    given = dict(zip(header, map(_clean, cells), strict=False))
    row = {column: given.get(column, "") for column in COLUMNS}
    if not row["action"]:
        if row["why"] or row["value"]:
            warnings.append(f"line {line}: no action is given; the line is passed over")
        return None
    return row


def _names(cells: Iterable[str]) -> list[str]:
    return ["_".join(cell.strip().strip('"').lower().split()) for cell in cells]


def _header_faults(header: list[str], warnings: list[str], line: int) -> Iterator[str]:
    for column in DEMANDED:
        if column not in header:
            yield f"the column {column} is missing; the columns are {', '.join(COLUMNS)}"
    for column in dict.fromkeys(header):
        if header.count(column) > 1 and column in COLUMNS:
            yield f"the column {column} stands twice"
        if not column or column in COLUMNS or column in BESIDE:
            continue
        near = get_close_matches(column, COLUMNS, 1)
        if near:
            yield f"the column {column!r} is unknown; did you mean {near[0]}?"
        else:
            warnings.append(f"line {line}: the column {column!r} is not read")


def _clean(cell: str) -> str:
    """One cell as it was meant: blanks collapsed, the mark that keeps a spreadsheet from running it taken off."""
    cell = cell.strip()
    if cell.startswith("'") and cell[1:].startswith(RUNS):
        cell = cell[1:]
    return " ".join(cell.split())


def defuse(cell: object) -> str:
    """A cell that no spreadsheet runs as a formula; `read_sheet` takes the mark off again."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(RUNS) else text


def write_sheet(rows: Iterable[Mapping[str, object]], columns: Iterable[str] = (*COLUMNS, *BESIDE)) -> str:
    """A file with these rows, as every spreadsheet opens it (comma, CRLF); save it with a byte-order mark."""
    names = list(columns)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(names)
    for row in rows:
        writer.writerow([defuse(row.get(name)) for name in names])
    return out.getvalue()
