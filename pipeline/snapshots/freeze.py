"""Freeze a candidate week: Parquet files and a manifest, whole or not at all, never changed again.

Byte-identical for the same inputs and versions: rows in the order of their key, one thread, fixed row groups and
compression, doubles rounded, no clock. The folder is gathered beside its place and renamed in one step, so that a
killed freeze leaves nothing half; its files are read-only.
"""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from typing import Final

import duckdb

from pipeline.entities.registry import read_batches
from pipeline.settings import Settings
from pipeline.snapshots.calendar import Week
from pipeline.snapshots.due import Due
from pipeline.snapshots.frozen import TABLES, WEEK_COLUMN, FrozenTable
from pipeline.snapshots.manifest import (
    MANIFEST_NAME,
    FrozenFile,
    Manifest,
    SnapshotError,
    document,
    last_frozen,
    snapshot_dir,
)
from pipeline.snapshots.publishes import note_same_figures
from pipeline.snapshots.versions import applied_er_version, current_versions, ruleset_version
from pipeline.state.files import force, sha256_of
from pipeline.warehouse.connection import engine

ROW_GROUP_ROWS: Final = 122_880
DOUBLE_DIGITS: Final = 12
"""Digits behind the point that a frozen double keeps: contributions must add up to 1e-9."""
READ_ONLY: Final = 0o444
AS_OF: Final = "asof_week"
"""One row: the week and the cut-off that the candidate was computed as of."""


def freeze(settings: Settings, due: Due) -> Manifest | None:
    """Freeze the candidate tables of the warehouse as revision `due.revision` of its week.

    Returns:
        The manifest; None where files of later releases told the old records again and no figure has changed, so that
        the snapshot there is stays (which is written down).

    Raises:
        SnapshotError: the candidate is absent or of another week, or the revision is there already.
    """
    place = snapshot_dir(settings, due.week, due.revision)
    if place.exists():
        raise SnapshotError(f"{place} is there already; a snapshot is never changed")
    partial = place.with_name(f".{place.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    with closing(engine(settings, settings.warehouse_path, read_only=True)) as connection:
        connection.execute("set threads = 1")
        connection.execute("set temp_directory = ?", [str(partial / ".spill")])
        _demand_cut_off(connection, due)
        tables = {
            name: _write(connection, table, due.week, partial / f"{name}.parquet") for name, table in TABLES.items()
        }
        er_versions = {batch.number: batch.er_version for batch in read_batches(settings)}
        versions = current_versions(applied_er_version(connection, er_versions), ruleset_version(connection))
    shutil.rmtree(partial / ".spill", ignore_errors=True)
    before, reason = due.replaces, due.reason
    if before is not None and before.tables == tables:
        if before.versions == versions and before.inputs.releases == due.inputs.releases:
            shutil.rmtree(partial)
            note_same_figures(settings, before, due.inputs)
            return None
        reason = f"{reason}; no figure changed"
    manifest = Manifest(
        due.week, due.revision, due.cut_off, reason, versions, due.inputs, _previous(settings, due.week), tables
    )
    (partial / MANIFEST_NAME).write_text(document(manifest), encoding="utf-8")
    _seal(partial, place)
    return manifest


def _write(connection: duckdb.DuckDBPyConnection, table: FrozenTable, week: Week, path: Path) -> FrozenFile:
    """Write one table's rows in the order of its key."""
    try:
        described = connection.execute(f"describe {table.model}").fetchall()
    except duckdb.CatalogException:
        raise SnapshotError(f"{table.model} is not in the warehouse: run `leverage publish`") from None
    (others,) = connection.execute(
        f"select count(*) from {table.model} where {WEEK_COLUMN} is distinct from ?", [week.text]
    ).fetchone() or (0,)
    if others:
        raise SnapshotError(f"{table.model} holds {others:,} rows of another week than {week}: publish it again")
    columns = ", ".join(exact(name, type_) for name, type_, *_ in described)
    order = ", ".join(table.key)
    (rows,) = connection.execute(
        f"copy (select {columns} from {table.model} order by {order}) to '{_quoted(path)}' "
        f"(format parquet, compression zstd, row_group_size {ROW_GROUP_ROWS})"
    ).fetchone() or (0,)
    return FrozenFile(rows, path.stat().st_size, sha256_of(path))


def _demand_cut_off(connection: duckdb.DuckDBPyConnection, due: Due) -> None:
    """See that the candidate was computed as of the cut-off that the manifest will name."""
    try:
        (cut_off,) = connection.execute(f"select cut_off from {AS_OF}").fetchone() or (None,)
    except duckdb.CatalogException:
        cut_off = None
    if cut_off != due.cut_off:
        raise SnapshotError(
            f"the candidate tables were computed as of {cut_off or 'no day'}, not {due.cut_off}: publish the week again"
        )


def exact(name: str, type_: str) -> str:
    """A column as it is frozen; rounding takes off what the order of a sum leaves in the last bits, and -0."""
    return f'round("{name}", {DOUBLE_DIGITS}) + 0.0 as "{name}"' if type_ in ("DOUBLE", "FLOAT") else f'"{name}"'


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _previous(settings: Settings, week: Week) -> str | None:
    """The snapshot that tiers go on from."""
    manifest = last_frozen(settings, week)
    return manifest.name if manifest else None


def _seal(partial: Path, place: Path) -> None:
    """Make the files read-only, force them to disk and put the folder in its place in one step."""
    for path in partial.iterdir():
        path.chmod(READ_ONLY)
        force(path)
    force(partial)
    partial.rename(place)
    force(place.parent)
