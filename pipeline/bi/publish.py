"""Refresh the BI copy: the published tables of the warehouse as files that BI tools open.

    measure in the warehouse -> unchanged? -> write aside -> prove by rows and hash -> swap -> keep the last ones

Killed anywhere, readers see the old version whole, and the next publication sweeps what lies about.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import duckdb

from pipeline.bi.copy import Source, column_types, measure, prove_copy, write_copy
from pipeline.bi.freshness import META_PUBLISH, META_TYPES, AsOf, as_of_now
from pipeline.bi.renamed_columns import with_former_names
from pipeline.bi.tables import Described, published_tables
from pipeline.bi.versions import (
    BiError,
    Content,
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
from pipeline.reporting.questions import fill_texts
from pipeline.settings import Settings
from pipeline.warehouse.connection import find_table, warehouse
from pipeline.warehouse.dbt_manifest import load_manifest

SPILL_NAME: Final = "spill"
MADE_META: Final = f"temp.main.{META_PUBLISH.name}"
TIERS_OF: Final = {
    "fct_leverage_snapshot": "fct_tier",
    "fct_leverage_snapshot_history": "fct_tier_history",
}
"""Tables with sentences for people, and the table of the other figures that these name."""
ROOM: Final = 1.5
"""Disk asked for before a copy begins, as a multiple of what it is expected to take: sorting spills to disk."""


@dataclass(frozen=True)
class BiReport:
    """What came of a publication.

    Attributes:
        version: number of the version that readers see now.
        changed: the tables that were written anew, removed ones included; none when the last version already held all.
        rows: rows of each table.
        absent: published tables that the warehouse has not built yet.
        newest_release_date: ISO date of the newest release in it.
        file_bytes: size of the DuckDB file.
        parquet_bytes: size of the Parquet files together.
        seconds: how long it took.
    """

    version: int
    changed: tuple[str, ...]
    rows: Mapping[str, int]
    absent: tuple[str, ...]
    newest_release_date: str | None
    file_bytes: int
    parquet_bytes: int
    seconds: float

    def in_words(self) -> str:
        """One line for a report."""
        told = f"{len(self.rows)} tables, {sum(self.rows.values()):,} rows as of release {self.newest_release_date}"
        size = f"{self.file_bytes / 1e6:,.1f} MB and {self.parquet_bytes / 1e6:,.1f} MB of Parquet"
        done = (
            f"version {self.version}, {size}, {self.seconds:.1f} s"
            if self.changed
            else f"version {self.version} holds all"
        )
        return f"{told} ({done})"


def publish_bi(settings: Settings) -> BiReport:
    """Bring the BI copy up to the warehouse; call it under the writer lock.

    Raises:
        BiError: it could not be made; readers see the last version as before.
        WarehouseError: the warehouse is absent, damaged or in use by another process.
        RegistryError: the registry of parties is damaged.
        DbtError: the dbt project does not parse.
    """
    return publish_tables(settings, published_tables(load_manifest(settings)))


def is_behind(settings: Settings) -> bool:
    """Whether the warehouse holds releases or decisions that the newest version of the copy does not.

    A kill between a build and the copy leaves it so. A copy that was rolled back is not behind.
    """
    if not settings.warehouse_path.exists():
        return False
    as_of = as_of_now(settings)
    if as_of.newest_release_date is None:
        return False
    known = versions(settings)
    seen = current(settings)
    shown = bool(known) and (is_rolled_back(settings) or (seen is not None and seen.number == known[-1].number))
    return not shown or known[-1].applied != as_of.applied


def publish_tables(settings: Settings, described: Sequence[Described]) -> BiReport:
    """Publish the tables of `described` that the warehouse holds; see `publish_bi`."""
    started = time.monotonic()
    as_of = as_of_now(settings)
    try:
        sweep(settings)
        with warehouse(settings) as connection:
            _make_meta(connection, as_of)
            sources = _sources(connection, described)
            if all(item.name not in sources for item in described):
                raise BiError("the warehouse holds no published table yet: run `leverage run` or `leverage backfill`")
            contents = _contents(connection, sources)
            last = (versions(settings) or [None])[-1]  # type: ignore[list-item]
            same = last is not None and last.tables == contents and last.applied == as_of.applied
            version = last if last and same else _make(settings, connection, sources, contents, as_of, last)
        end_rollback(settings)
        show(settings, version)
        keep(settings)
    except duckdb.Error as error:
        raise BiError(f"the BI copy was not made: {' '.join(str(error).split())}. Readers see the last one") from error
    before = last.tables if last else {}
    return BiReport(
        version=version.number,
        changed=tuple(sorted(name for name in {*before, *contents} if before.get(name) != contents.get(name))),
        rows={name: content.rows for name, content in contents.items()},
        absent=tuple(item.name for item in described if item.name not in sources),
        newest_release_date=version.newest_release_date,
        file_bytes=version.file_bytes,
        parquet_bytes=version.parquet_bytes,
        seconds=time.monotonic() - started,
    )


def _make(
    settings: Settings,
    connection: duckdb.DuckDBPyConnection,
    sources: Mapping[str, Source],
    contents: Mapping[str, Content],
    as_of: AsOf,
    last: Version | None,
) -> Version:
    folder = begin(settings)
    try:
        _demand_space(settings, last)
        spill = folder / SPILL_NAME
        connection.execute(f"set temp_directory = '{str(spill).replace(chr(39), chr(39) * 2)}'")
        made_at = datetime.now(UTC).replace(microsecond=0)
        connection.execute(f"update {MADE_META} set published_at = $1 where as_of_week is null", [made_at])
        measured = {name: (content.rows, content.digest) for name, content in contents.items()}
        measured[META_PUBLISH.name] = measure(connection, MADE_META, sources[META_PUBLISH.name].types)
        linked = write_copy(connection, folder, sources, contents, last)
        prove_copy(connection, folder, sources, measured, linked)
        shutil.rmtree(spill, ignore_errors=True)
        document = {
            "made_at": made_at.isoformat(),
            "applied": as_of.applied,
            "newest_release_date": as_of.newest_release_date and as_of.newest_release_date.isoformat(),
        }
        return commit(settings, folder, document, contents)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _make_meta(connection: duckdb.DuckDBPyConnection, as_of: AsOf) -> None:
    """The weeks' rows as the warehouse has them, and the row of the nightly tables, whose clock is set by the copy."""
    listed = ", ".join(f"cast(null as {type_}) as {name}" for name, type_ in META_TYPES.items())
    connection.execute(f"create temp table {META_PUBLISH.name} as select {listed} limit 0")
    published = find_table(connection, META_PUBLISH.name)
    if published:
        connection.execute(
            f"create or replace temp table {META_PUBLISH.name} as select * from {MADE_META} "
            f"union all by name select * from {published}"
        )
    connection.execute(
        f"insert into {MADE_META} (newest_release_date, closed_through_date, er_version, code_version) "
        "values ($1, $2, $3, $4)",
        [as_of.newest_release_date, as_of.closed_through_date, as_of.er_version, as_of.code_version],
    )


def _sources(connection: duckdb.DuckDBPyConnection, described: Sequence[Described]) -> dict[str, Source]:
    by_name = {META_PUBLISH.name: META_PUBLISH} | {item.name: item for item in described}
    relations = {name: find_table(connection, name) for name in by_name} | {META_PUBLISH.name: MADE_META}
    sources = {}
    for name, found in sorted(relations.items()):
        if found:
            named, relation = with_former_names(by_name[name], _with_texts(connection, name, found))
            sources[name] = Source(named, relation, column_types(connection, relation))
    return sources


def _with_texts(connection: duckdb.DuckDBPyConnection, name: str, found: str) -> str:
    """A table with its sentences for people filled."""
    tier = find_table(connection, TIERS_OF[name]) if name in TIERS_OF else None
    if tier is None:
        return found
    fill_texts(connection, found, tier, f"filled_{name}")
    return f"temp.main.filled_{name}"


def _contents(connection: duckdb.DuckDBPyConnection, sources: Mapping[str, Source]) -> dict[str, Content]:
    contents = {}
    for name, source in sources.items():
        rows, digest = measure(connection, source.relation, source.types)
        contents[name] = Content(rows, digest, source.shape())
    return contents


def _demand_space(settings: Settings, last: Version | None) -> None:
    """Check that the copy fits beside the space to be left free.

    Raises:
        BiError: it does not.
    """
    expected = last.file_bytes + last.parquet_bytes if last else settings.warehouse_path.stat().st_size
    free = shutil.disk_usage(settings.bi_dir).free
    wanted = int(expected * ROOM)
    if free < wanted + settings.min_free_bytes:
        raise BiError(
            f"not enough disk for the BI copy: {free:,} bytes are free in {settings.bi_dir}, it needs some {wanted:,}, "
            f"and {settings.min_free_bytes:,} are to stay free (LEVERAGE_MIN_FREE_BYTES). Readers see the last one"
        )
