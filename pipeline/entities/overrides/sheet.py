"""The overrides file, line by line: from bytes to checked rows, and back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline import sheet
from pipeline.entities.overrides.rows import BESIDE, COLUMNS, DEMANDED, Row, check_row
from pipeline.settings import SettingsError
from pipeline.sheet import defuse

__all__ = ["OverridesError", "Sheet", "defuse", "read_sheet", "refuse", "write_sheet"]


class OverridesError(SettingsError):
    """The overrides file cannot be used; the message names the file and every line at fault."""


FORM: Final = sheet.Form("LEVERAGE_OVERRIDES", COLUMNS, DEMANDED, OverridesError, BESIDE)


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
    data = sheet.read_bytes(path, FORM)
    faults: list[str] = []
    warnings: list[str] = []
    rows = []
    for line, cells in sheet.read_cells(path, data, FORM, faults, warnings):
        if not cells["action"]:
            if cells["why"] or cells["value"]:
                warnings.append(f"line {line}: no action is given; the line is passed over")
            continue
        row = check_row(line, cells, faults)
        if row:
            rows.append(row)
    refuse(path, faults)
    return Sheet(path, hashlib.sha256(data).hexdigest(), tuple(rows), tuple(warnings))


def refuse(path: Path | None, faults: list[str]) -> None:
    """Raise one error that tells all `faults`; nothing happens when there are none."""
    sheet.refuse(path, FORM, faults)


def write_sheet(rows: Iterable[Mapping[str, object]], columns: Iterable[str] = (*COLUMNS, *BESIDE)) -> str:
    """A file with these rows, as every spreadsheet opens it (comma, CRLF); save it with a byte-order mark."""
    return sheet.write_rows(rows, columns)
