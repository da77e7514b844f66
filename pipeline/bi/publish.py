"""Refresh the BI copy: the published tables of the warehouse as files that BI tools open.

    measure in the warehouse -> changed? -> write aside -> verify by rows and hash -> swap -> keep the last versions

Killed anywhere, readers see the old version whole, and the next publication removes what was left.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version as package_version
from typing import Any, Final

import duckdb

from pipeline.bi.copy import Source, verify_copy, write_copy
from pipeline.bi.renamed_columns import with_former_names
from pipeline.bi.tables import META_PUBLISH, Described, published_tables
from pipeline.bi.versions import (
    BiError,
    Version,
    begin,
    commit,
    current,
    end_rollback,
    is_rolled_back,
    keep,
    show,
    sweep,
    versions,
)
from pipeline.entities.registry import read_batches
from pipeline.reporting.alerts.text import fill_texts as fill_alert_texts
from pipeline.reporting.alternatives import fill_evidence
from pipeline.reporting.questions import fill_texts
from pipeline.settings import Settings
from pipeline.snapshots.calendar import newest_closed
from pipeline.snapshots.inputs import read_release_state
from pipeline.snapshots.versions import PACKAGE
from pipeline.warehouse.connection import find_table, warehouse
from pipeline.warehouse.dbt_manifest import load_manifest
from pipeline.warehouse.pending import applied_batches, applied_versions

SPILL_NAME: Final = "spill"
META_RELATION: Final = f"temp.main.{META_PUBLISH.name}"
FIGURES_OF: Final = {
    "fct_leverage_snapshot": ("fct_tier", "fct_alternative", "dim_supplier"),
    "fct_leverage_snapshot_history": ("fct_tier_history", "fct_alternative_history", "dim_supplier"),
}
"""Tables with sentences for people, and the tables of the other figures and names in them."""
ALTERNATIVES: Final = ("fct_alternative", "fct_alternative_history")
ALERTS: Final = ("fct_alert", "fct_alert_history")
"""Tables whose sentences follow from their own rows."""
ROOM: Final = 1.5
"""Disk required before a copy begins, as a multiple of what it is expected to take: sorting spills to disk."""


@dataclass(frozen=True)
class BiReport:
    """The result of a publication.

    Attributes:
        version: the version that readers see now.
        changed: the tables that were written or removed; none when the last version already had all.
        seconds: how long it took.
    """

    version: Version
    changed: tuple[str, ...]
    seconds: float

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(content.rows for content in self.version.tables.values())

    def in_words(self) -> str:
        """One line for a report."""
        made = self.version
        tables = f"{len(made.tables)} tables, {self.rows:,} rows as of release {made.newest_release_date}"
        size = f"{made.file_bytes / 1e6:,.1f} MB and {made.parquet_bytes / 1e6:,.1f} MB of Parquet"
        work = f", {size}, {self.seconds:.1f} s" if self.changed else " is up to date"
        return f"{tables} (version {made.number}{work})"


@dataclass(frozen=True)
class Applied:
    """What the warehouse has: the row of the nightly tables in `meta_publish`, and a digest of all inputs."""

    newest_release_date: date | None
    closed_through_date: date | None
    er_version: str | None
    digest: str


def publish_bi(settings: Settings) -> BiReport:
    """Bring the BI copy up to the warehouse; the caller holds the writer lock.

    Raises:
        BiError: it could not be made; readers see the last version as before.
        WarehouseError: the warehouse is absent, damaged or in use by another process.
        RegistryError: the registry of parties is damaged.
        DbtError: the dbt project does not parse.
    """
    return publish_tables(settings, published_tables(load_manifest(settings)))


def is_behind(settings: Settings) -> bool:
    """Whether the warehouse has releases or decisions that the newest version of the copy lacks.

    A kill between a build and the copy leaves it so. A copy that was rolled back is not behind.
    """
    if not settings.warehouse_path.exists():
        return False
    applied = applied_now(settings)
    if applied.newest_release_date is None:
        return False
    stored, seen = versions(settings), current(settings)
    newest_shown = bool(stored) and (is_rolled_back(settings) or seen == stored[-1])
    return not newest_shown or stored[-1].applied != applied.digest


def publish_tables(settings: Settings, described: Sequence[Described]) -> BiReport:
    """Publish the tables of `described` that the warehouse has; see `publish_bi`."""
    started = time.monotonic()
    applied = applied_now(settings)
    try:
        sweep(settings)
        with warehouse(settings) as connection:
            made_at = datetime.now(UTC).replace(microsecond=0)
            _make_meta(connection, applied, made_at)
            sources = _sources(connection, described)
            last = (versions(settings) or [None])[-1]  # type: ignore[list-item]
            changed = _changed(sources, last)
            is_current = last is not None and not changed and last.applied == applied.digest
            version = last if last and is_current else _make(settings, connection, sources, applied, made_at, last)
        end_rollback(settings)
        show(settings, version)
        keep(settings)
    except duckdb.Error as error:
        raise BiError(f"the BI copy was not made: {' '.join(str(error).split())}. Readers see the last one") from error
    return BiReport(version, changed, time.monotonic() - started)


def applied_now(settings: Settings) -> Applied:
    """What the warehouse has now.

    Raises:
        WarehouseError: it is damaged or in use by another process.
        RegistryError: the registry of parties is damaged.
    """
    releases, batches = applied_versions(settings), applied_batches(settings)
    with warehouse(settings) as connection:
        table = find_table(connection, META_PUBLISH.name)
        weeks = f"select as_of_week, epoch_us(published_at) from {table} order by all"
        published: list[Any] = connection.execute(weeks).fetchall() if table else []
    content = [sorted((str(day), raw_version) for day, raw_version in releases.items()), sorted(batches), published]
    closed = newest_closed(read_release_state(settings), settings.lateness_days)
    names = {batch.number: batch.er_version for batch in read_batches(settings)}
    return Applied(
        newest_release_date=max(releases, default=None),
        closed_through_date=closed.week.sunday if closed else None,
        er_version=names.get(max(batches)) if batches else None,
        digest=hashlib.sha256(json.dumps(content).encode()).hexdigest(),
    )


def _make(
    settings: Settings,
    connection: duckdb.DuckDBPyConnection,
    sources: Sequence[Source],
    applied: Applied,
    made_at: datetime,
    last: Version | None,
) -> Version:
    folder = begin(settings)
    try:
        _require_space(settings, last)
        spill = folder / SPILL_NAME
        connection.execute("set temp_directory = $1", [str(spill)])
        write_copy(connection, folder, sources, last)
        verify_copy(connection, folder, sources)
        shutil.rmtree(spill, ignore_errors=True)
        newest = applied.newest_release_date
        return commit(
            settings,
            folder,
            {item.name: item.content for item in sources},
            made_at=made_at.isoformat(),
            applied=applied.digest,
            newest_release_date=newest.isoformat() if newest else None,
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _make_meta(connection: duckdb.DuckDBPyConnection, applied: Applied, made_at: datetime) -> None:
    """Make `meta_publish`: the row of the nightly tables, and the rows of the weeks from the warehouse."""
    published = find_table(connection, META_PUBLISH.name)
    weeks = f" union all by name select * from {published}" if published else ""
    connection.execute(
        f"create temp table {META_PUBLISH.name} as select cast(null as varchar) as as_of_week, "
        "cast($1 as timestamptz) as published_at, cast($2 as date) as newest_release_date, "
        "cast($3 as date) as closed_through_date, cast($4 as varchar) as er_version, "
        f"cast(null as varchar) as ruleset_version, cast($5 as varchar) as code_version{weeks}",
        [
            made_at,
            applied.newest_release_date,
            applied.closed_through_date,
            applied.er_version,
            package_version(PACKAGE),
        ],
    )


def _sources(connection: duckdb.DuckDBPyConnection, described: Sequence[Described]) -> list[Source]:
    by_name = {item.name: item for item in described}
    found = {name: relation for name in by_name if (relation := find_table(connection, name))}
    if not found:
        raise BiError("the warehouse has no published table yet: run `leverage run` or `leverage backfill`")
    by_name.setdefault(META_PUBLISH.name, META_PUBLISH)
    found[META_PUBLISH.name] = META_RELATION
    return [
        Source.of(connection, *with_former_names(by_name[name], _with_texts(connection, name, found[name])))
        for name in sorted(found)
    ]


def _with_texts(connection: duckdb.DuckDBPyConnection, name: str, found: str) -> str:
    """A table with its sentences for people filled."""
    tables = [find_table(connection, other) for other in FIGURES_OF.get(name, ())]
    others = [table for table in tables if table is not None]
    if others and len(others) == len(tables):
        tier, alternative, supplier = others
        fill_texts(connection, found, tier, alternative, supplier, f"filled_{name}")
    elif name in ALTERNATIVES and (dim_supplier := find_table(connection, "dim_supplier")):
        fill_evidence(connection, found, dim_supplier, f"filled_{name}")
    elif name in ALERTS:
        fill_alert_texts(connection, found, f"filled_{name}")
    else:
        return found
    return f"temp.main.filled_{name}"


def _changed(sources: Sequence[Source], last: Version | None) -> tuple[str, ...]:
    """The tables that differ from the last version; `meta_publish` only by what the digest of all inputs covers."""
    before = last.tables if last else {}
    now = {item.name: item.content for item in sources}
    names = {*before, *now} - ({META_PUBLISH.name} if last else set())
    return tuple(sorted(name for name in names if before.get(name) != now.get(name)))


def _require_space(settings: Settings, last: Version | None) -> None:
    expected = last.file_bytes + last.parquet_bytes if last else settings.warehouse_path.stat().st_size
    free = shutil.disk_usage(settings.bi_dir).free
    wanted = int(expected * ROOM)
    if free < wanted + settings.min_free_bytes:
        raise BiError(
            f"not enough disk for the BI copy: {free:,} bytes are free in {settings.bi_dir}, it needs some {wanted:,}, "
            f"and {settings.min_free_bytes:,} are to stay free (LEVERAGE_MIN_FREE_BYTES). Readers see the last one"
        )
