"""Open an export: CSV of any encoding and delimiter, a workbook, JSON, or a zip of these; by content, not by name."""

from __future__ import annotations

import csv
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from pipeline.errors import UsageError

Row = tuple[int, list[str]]
"""Line of the file, from 1, and its cells."""
DELIMITERS: Final = (",", ";", "\t", "|")
SNIFFED_ROWS: Final = 12
LONGEST_CELL: Final = 4 * 2**20
"""A cell beyond it is a quote that was never closed; the longest goods text seen has 18,800 characters."""
OLE: Final = b"\xd0\xcf\x11\xe0"
ZIP: Final = b"PK\x03\x04"
BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
MOST_UNPACKED: Final = 20 * 2**30


class ExportError(UsageError):
    """An export cannot be used; the message says what it is and what to do."""


@dataclass(frozen=True)
class Sheet:
    """A table of a file.

    Attributes:
        name: of the sheet; empty for CSV and JSON.
        rows: reads it from its start.
    """

    name: str
    rows: Callable[[], Iterator[Row]]


@contextmanager
def single_files(path: Path, scratch: Path) -> Iterator[list[Path]]:
    """Yield the exports in `path`: itself, or the members of a zip of files, unpacked below `scratch`.

    Raises:
        ExportError: it is not there, or a damaged archive.
    """
    if not path.is_file():
        raise ExportError(f"{path} is not a file: give the path of an export")
    if _start(path, 4) != ZIP or _is_workbook(path):
        yield [path]
        return
    scratch.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(path) as archive:
            members = [item for item in archive.infolist() if not item.is_dir() and "__MACOSX" not in item.filename]
            if sum(item.file_size for item in members) > MOST_UNPACKED:
                raise ExportError(f"{path.name} unpacks to more than {MOST_UNPACKED // 2**30} GB: refused")
            unpacked = []
            for number, item in enumerate(members):
                target = scratch / str(number) / Path(item.filename).name
                target.parent.mkdir(exist_ok=True)
                with archive.open(item) as packed, target.open("wb") as out:
                    shutil.copyfileobj(packed, out)
                unpacked.append(target)
        if not unpacked:
            raise ExportError(f"{path.name} is an empty zip: no export in it")
        yield unpacked
    except (zipfile.BadZipFile, RuntimeError, EOFError) as fault:
        raise ExportError(
            f"{path.name} is a zip that cannot be read ({fault}): download it again, without password"
        ) from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def open_sheets(path: Path) -> list[Sheet]:
    """Return the tables of a file.

    Raises:
        ExportError: it is empty, protected, damaged, or of another form.
    """
    start = _start(path, 4096)
    if not start.strip():
        raise ExportError(f"{path.name} is empty: export it again")
    if start.startswith((ZIP, OLE)):
        return _workbook(path)
    if start.startswith(b"%PDF") or start.lstrip().lower().startswith((b"<!doctype", b"<html")):
        raise ExportError(f"{path.name} is a web page or PDF, not a table: download the export as CSV or XLSX")
    encoding = _encoding(path, start)
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"[")):
        return [Sheet("", lambda: _json_rows(path, encoding))]
    delimiter = _delimiter(path, encoding)
    return [Sheet("", lambda: _csv_rows(path, encoding, delimiter))]


def _start(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        return file.read(size)


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "[Content_Types].xml" in archive.namelist()
    except zipfile.BadZipFile:
        return True  # cut: the workbook's reader says so


def _encoding(path: Path, start: bytes) -> str:
    for bom, name in BOMS:
        if start.startswith(bom):
            return name
    if start[1:200:2].count(0) > len(start[1:200:2]) // 2:
        return "utf-16-le"
    try:
        with path.open(encoding="utf-8", newline="") as text:
            while text.read(2**22):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _delimiter(path: Path, encoding: str) -> str:
    def width(delimiter: str) -> int:
        return max((len(cells) for _, cells in islice(_csv_rows(path, encoding, delimiter), SNIFFED_ROWS)), default=0)

    return max(DELIMITERS, key=width)


def _csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        reader = csv.reader((line.replace("\0", "") for line in text), delimiter=delimiter)
        line = 1
        try:
            for cells in reader:
                if cells:
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error as fault:
            raise ExportError(
                f"{path.name}, line {line}: a quote is not closed, the rest of the file would be one cell ({fault}). "
                "Export it again, or as XLSX"
            ) from None


def _json_rows(path: Path, encoding: str) -> Iterator[Row]:
    try:
        document = json.loads(path.read_text(encoding))
    except ValueError as fault:
        raise ExportError(f"{path.name} is no whole JSON document ({fault}): download it again") from None
    records, shared = _records(document)
    names = list(dict.fromkeys(name for record in records for name in record))
    yield 1, [*names, *shared]
    for number, record in enumerate(records, 2):
        yield number, [*(_text(record.get(name)) for name in names), *map(_text, shared.values())]


def _records(document: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the longest list of objects in a document, and the single values beside it (the company asked for)."""
    found: list[tuple[list[dict[str, Any]], dict[str, Any]]] = []

    def search(value: Any, beside: dict[str, Any]) -> None:
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            found.append((value, beside))
        elif isinstance(value, dict):
            single = {key: item for key, item in value.items() if isinstance(item, str | int | float)}
            for item in value.values():
                search(item, {**beside, **single})

    search(document, {})
    if not found:
        return [], {}
    records, beside = max(found, key=lambda item: len(item[0]))
    known = {name for record in records for name in record}
    return records, {name: value for name, value in beside.items() if name not in known}


def _workbook(path: Path) -> list[Sheet]:
    import python_calamine  # a compiled reader: only for workbooks

    damaged = "it is cut or damaged: download it again, or save it anew in Excel"
    try:
        book = python_calamine.load_workbook(str(path))
    except python_calamine.PasswordError:
        raise ExportError(f"{path.name} has a password: save a copy without one in Excel") from None
    except (python_calamine.CalamineError, OSError) as fault:
        raise ExportError(f"{path.name} is no readable workbook ({fault}): {damaged}") from None

    def reader(name: str) -> Callable[[], Iterator[Row]]:
        def rows() -> Iterator[Row]:
            try:
                sheet = book.get_sheet_by_name(name)
                first = (sheet.start or (0, 0))[0] + 1
                for number, cells in enumerate(sheet.iter_rows(), first):
                    texts = [_text(cell) for cell in cells]
                    if any(texts):
                        yield number, texts
            except python_calamine.CalamineError as fault:
                raise ExportError(f"{path.name}, sheet {name}: not readable ({fault}); {damaged}") from None

        return rows

    return [Sheet(name, reader(name)) for name in book.sheet_names]


def _text(cell: Any) -> str:
    """Return a cell as text: dates in ISO form, whole numbers without a fraction, errors of formulas as nothing."""
    if isinstance(cell, str):
        return "" if re.fullmatch(r"#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)", cell) else cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Sequence):
        return ", ".join(_text(item) for item in cell)
    return str(cell)
