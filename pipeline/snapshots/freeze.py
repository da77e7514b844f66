"""Freeze a computed week: Parquet files and a manifest, written as a whole and never changed again.

Byte-identical for the same inputs and versions: rows in the order of their key, one thread, fixed row groups and
compression, doubles rounded, no clock. The folder is written under a temporary name and renamed in one step, so
that a killed freeze leaves no part of a snapshot; its files are read-only.
"""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from pipeline.entities.registry import read_batches
from pipeline.settings import Settings
from pipeline.snapshots.calendar import Week
from pipeline.snapshots.due import Due
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
"""One row: the week and the cut-off that the weekly tables were computed as of."""


@dataclass(frozen=True)
class FrozenTable:
    """One table of a snapshot.

    Attributes:
        model: the dbt model that computes it.
        key: columns that identify a row; also the order of the frozen rows.
    """

    model: str
    key: tuple[str, ...]


TABLES: Final = {
    "fct_tier": FrozenTable("snap_tier", ("supplier_id", "consignee_id")),
    "fct_alternative": FrozenTable("snap_alternative", ("consignee_id", "hs4", "alternative_supplier_id")),
    "fct_leverage_snapshot": FrozenTable("snap_leverage_snapshot", ("supplier_id", "consignee_id", "hs4")),
    "fct_consolidation": FrozenTable(
        "snap_consolidation", ("consignee_id", "hs4", "from_supplier_id", "to_supplier_id")
    ),
    "fct_supplier_capacity": FrozenTable("snap_supplier_capacity", ("supplier_id", "hs4")),
    "fct_customer_event": FrozenTable("snap_customer_event", ("supplier_id", "consignee_id", "event", "since_week")),
    "fct_alert": FrozenTable("snap_alert", ("alert_id",)),
    "alert_episode": FrozenTable("snap_alert_episode", ("alert_id",)),
}
WEEK_COLUMN: Final = "as_of_week"


def freeze(settings: Settings, due: Due) -> Manifest | None:
    """Freeze the weekly tables of the warehouse as revision `due.revision` of its week.

    Returns:
        The manifest; None where later releases repeat the old records and no figure has changed, so that
        the snapshot stays (recorded in the journal).

    Raises:
        SnapshotError: the weekly tables are absent or of another week, or the revision exists.
    """
    folder = snapshot_dir(settings, due.week, due.revision)
    if folder.exists():
        raise SnapshotError(f"{folder} exists already; a snapshot is never changed")
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    with closing(engine(settings, settings.warehouse_path, read_only=True)) as connection:
        connection.execute("set threads = 1")
        connection.execute("set temp_directory = ?", [str(partial / ".spill")])
        _require_cut_off(connection, due)
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
    _seal(partial, folder)
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


def _require_cut_off(connection: duckdb.DuckDBPyConnection, due: Due) -> None:
    """Check that the weekly tables were computed as of the cut-off that the manifest will name."""
    try:
        (cut_off,) = connection.execute(f"select cut_off from {AS_OF}").fetchone() or (None,)
    except duckdb.CatalogException:
        cut_off = None
    if cut_off != due.cut_off:
        raise SnapshotError(
            f"the weekly tables were computed as of {cut_off or 'no day'}, not {due.cut_off}: publish the week again"
        )


def exact(name: str, type_: str) -> str:
    """Return the SQL of a frozen column; rounding removes -0 and the last bits, which depend on the order of a sum."""
    return f'round("{name}", {DOUBLE_DIGITS}) + 0.0 as "{name}"' if type_ in ("DOUBLE", "FLOAT") else f'"{name}"'


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _previous(settings: Settings, week: Week) -> str | None:
    """Return the name of the snapshot that tier hysteresis starts from."""
    manifest = last_frozen(settings, week)
    return manifest.name if manifest else None


def _seal(partial: Path, folder: Path) -> None:
    """Make the files read-only, force them to disk and rename the folder in one step."""
    for path in partial.iterdir():
        path.chmod(READ_ONLY)
        force(path)
    force(partial)
    partial.rename(folder)
    force(folder.parent)
