"""Check and import exports: recognise, read, keep, and write the releases of all of them anew."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from pipeline.ingest.exports.bills import Source, create_bills
from pipeline.ingest.exports.fields import COSTS
from pipeline.ingest.exports.flatten import write_bills
from pipeline.ingest.exports.mapping import Mapping, built_in, load_mapping
from pipeline.ingest.exports.reading.files import ExportError, open_sheets, single_files
from pipeline.ingest.exports.reading.recognise import recognise
from pipeline.ingest.exports.reading.text_table import write_text_table
from pipeline.ingest.exports.releases import write_releases
from pipeline.ingest.exports.rows.cells import text
from pipeline.ingest.exports.scope import Scope, find_scope, party_names, scope_document, scope_of
from pipeline.ingest.exports.store import BILLS, Export, export_dir, keep_export, read_exports, releases_dir
from pipeline.settings import Settings
from pipeline.state.files import PRIVATE_FOLDER, sha256_of
from pipeline.warehouse.connection import engine

AUTO: Final = "auto"
DATE_IN_NAME: Final = re.compile(r"(20\d{2})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
DATE_IN_INFO: Final = re.compile(r"20\d{2}-\d{2}-\d{2}")
INFO_SHEET: Final = "Info"
SCOPES: Final = "scope.parquet"
CONFLICTS: Final = "conflict.parquet"
MEMORY_LIMIT: Final = "1GB"
MOST_THREADS: Final = 4
"""DuckDB's own limit is most of the machine. Each thread keeps rows of its own: more than four do not fit."""


@dataclass(frozen=True)
class Options:
    """What a person says about the files.

    Attributes:
        format: `auto`, a vendor's name, or the path of a mapping.
        scope: what the export has all of.
        dates: order of numeric dates.
        without_bill_numbers: load rows under keys of their own.
        exported_on: day of the query.
    """

    format: str = AUTO
    scope: Scope | None = None
    dates: str | None = None
    without_bill_numbers: bool = False
    exported_on: date | None = None


@dataclass(frozen=True)
class Imported:
    """The result for one file: its provenance, and whether its bytes were known already."""

    export: Export
    is_known: bool = False


def mappings_for(name: str) -> tuple[Mapping, ...]:
    """Return the mappings that `--format` stands for.

    Raises:
        ExportError: there is none of the name.
    """
    if name == AUTO:
        return built_in()
    if name.endswith(".toml"):
        return (load_mapping(Path(name)),)
    found = tuple(item for item in built_in() if item.name == name and item.columns)
    if not found:
        names = ", ".join(item.name for item in built_in() if item.columns)
        raise ExportError(
            f"--format {name} is unknown: give auto, {names}, or the path of a mapping that ends in .toml"
        )
    return found


def read_export(settings: Settings, path: Path, options: Options, work: Path) -> Export:
    """Read one file into `work` (bills and quarantine) and return its provenance; nothing is kept.

    Raises:
        ExportError: it cannot be used.
        ScopeError: its scope does not fit.
    """
    layout = recognise(path, mappings_for(options.format))
    table = write_text_table(layout, work / "text.parquet")
    with closing(_engine(settings, work / "export.duckdb")) as connection:
        try:
            flat = write_bills(
                connection,
                table,
                layout.mapping,
                work / BILLS,
                dates=options.dates,
                without_numbers=options.without_bill_numbers,
            )
        except ExportError as fault:
            raise ExportError(f"{path.name}: {fault}") from None
        if not flat.bills:
            why = (
                ", ".join(f"{count:,} {reason}" for reason, count in flat.quarantined.items())
                or "no rows below the header"
            )
            raise ExportError(f"{path.name}: no bill can be loaded ({why}). Export it again")
        scope = find_scope(connection, work / BILLS, path.name, table.rows, layout.mapping.caps, options.scope)
        names = party_names(connection, work / BILLS, scope) if scope.kind in ("supplier", "buyer") else []
    exported_on, exported_by = _exported_on(path, options)
    last = date.fromisoformat(flat.last_arrival) if flat.last_arrival else None
    if exported_by != "given" and last and exported_on < last:
        exported_on = min(last, date.today())
    return Export(
        sha256=sha256_of(path),
        file_name=path.name,
        vendor=layout.mapping.name,
        title=layout.mapping.title,
        bytes=path.stat().st_size,
        imported_at=datetime.now(UTC).isoformat(timespec="seconds"),
        exported_on=exported_on,
        exported_by=exported_by,
        lag_days=settings.import_lag_days,
        rows=table.rows,
        loaded=flat.loaded,
        bills=flat.bills,
        repeats=flat.repeats,
        quarantined=flat.quarantined,
        notes=list(flat.notes),
        missing=[cost for group, cost in COSTS if not layout.filled & set(group)],
        unused=layout.unused,
        dropped=layout.contact,
        filled=sorted(layout.filled),
        without_bill_numbers=options.without_bill_numbers,
        first_arrival=date.fromisoformat(flat.first_arrival) if flat.first_arrival else None,
        last_arrival=last,
        scope=scope_document(scope, names),
    )


def check_files(settings: Settings, path: Path, options: Options) -> list[Export]:
    """Return the provenance that the exports in `path` would have; nothing is kept."""
    with tempfile.TemporaryDirectory() as folder, single_files(path, (scratch := Path(folder)) / "zip") as files:
        return [read_export(settings, file, options, _empty(scratch / "work")) for file in files]


def keep_files(settings: Settings, path: Path, options: Options) -> list[Imported]:
    """Import the exports in `path`, each once by its bytes; the releases are written by `write_imports`.

    A known file that comes with another scope, date order or day keeps its place and is read anew.
    """
    known = {item.sha256: item for item in read_exports(settings)}
    found = []
    with _scratch(settings) as scratch, single_files(path, scratch / "zip") as files:
        for file in files:
            earlier = known.get(sha256_of(file))
            if earlier and options == Options():
                found.append(Imported(earlier, is_known=True))
                continue
            work = _empty(scratch / "work")
            export = read_export(settings, file, options, work)
            if earlier:
                export = replace(export, imported_at=earlier.imported_at)
            keep_export(settings, export, file, work)
            found.append(Imported(export))
    return found


def write_imports(settings: Settings, today: date) -> tuple[date, date] | None:
    """Write releases, scopes and conflicts of all imported exports; return the first and last release day."""
    exports = read_exports(settings)
    if not exports:
        return None
    with (
        _scratch(settings) as scratch,
        closing(_engine(settings, scratch / "bills.duckdb")) as connection,
    ):
        sources = [
            Source(f"{item.vendor}: {item.file_name}", export_dir(settings, item.sha256) / BILLS, item.exported_on)
            for item in exports
        ]
        create_bills(connection, sources, settings.import_lag_days, today)
        conflicts = settings.imports_dir / CONFLICTS
        connection.execute(f"copy conflict to {text(str(conflicts))} (format parquet)")
        _write_scopes(settings, exports)
        return write_releases(connection, releases_dir(settings))


def _write_scopes(settings: Settings, exports: Sequence[Export]) -> None:
    """One row for each export and, where its scope is a firm's, each of the firm's names."""
    rows = []
    for item in exports:
        scope = scope_of(item.scope)
        rows += [
            {
                "export_id": item.sha256[:16],
                "vendor": item.vendor,
                "file_name": item.file_name,
                "scope_kind": scope.kind,
                "scope_value": scope.value,
                "raw_name": name,
                "first_date": scope.first,
                "last_date": scope.last or item.exported_on,
                "is_complete": scope.complete,
                "is_guessed": scope.guessed,
                "reason": scope.reason,
                "exported_on": item.exported_on,
                "lag_days": item.lag_days,
                "known_by": "assumed",
                "rows_in": item.rows,
                "rows_loaded": item.loaded,
                "rows_quarantined": sum(item.quarantined.values()),
                "rows_repeated": item.repeats,
            }
            for name in item.scope.get("names") or [None]
        ]
    schema = pa.schema(
        [
            *(
                (name, pa.string())
                for name in ("export_id", "vendor", "file_name", "scope_kind", "scope_value", "raw_name")
            ),
            *((name, pa.date32()) for name in ("first_date", "last_date")),
            *((name, pa.bool_()) for name in ("is_complete", "is_guessed")),
            ("reason", pa.string()),
            ("exported_on", pa.date32()),
            ("lag_days", pa.int32()),
            ("known_by", pa.string()),
            *((name, pa.int64()) for name in ("rows_in", "rows_loaded", "rows_quarantined", "rows_repeated")),
        ]
    )
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), settings.imports_dir / SCOPES)


def _exported_on(path: Path, options: Options) -> tuple[date, str]:
    if options.exported_on:
        return options.exported_on, "given"
    if path.suffix.lower() in (".xlsx", ".xls", ".xlsb"):
        for sheet in open_sheets(path):
            if sheet.name == INFO_SHEET:
                cells = json.dumps([row for _, row in islice(sheet.rows(), 50)])
                if found := DATE_IN_INFO.search(cells):
                    return date.fromisoformat(found[0]), "workbook"
    if found := DATE_IN_NAME.search(path.name):
        return date(int(found[1]), int(found[2]), int(found[3])), "file name"
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date(), "file time"


def _engine(settings: Settings, path: Path) -> duckdb.DuckDBPyConnection:
    """An engine that writes what does not fit beside its file, also where the settings have no limit."""
    limits = {
        "memory_limit": settings.memory_limit or MEMORY_LIMIT,
        "threads": settings.threads or min(MOST_THREADS, os.cpu_count() or 1),
    }
    return engine(settings.model_copy(update=limits), path)


@contextmanager
def _scratch(settings: Settings) -> Iterator[Path]:
    settings.imports_dir.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".work-", dir=settings.imports_dir))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
