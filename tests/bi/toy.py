"""A small warehouse whose tables all carry one stamp, to see whether a copy is whole and of one publication."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import duckdb

from pipeline.bi.publish import BiReport, publish_tables
from pipeline.bi.tables import Described
from pipeline.settings import Settings, load_settings

DESCRIBED = (
    Described("dim_thing", "One row per thing.", {"stamp": "Of the publication.", "name": "With 'quotes' and “more”."}),
    Described("fct_thing", "One row per event; it's sorted.", {"stamp": "Of the publication."}, ("thing_id", "day")),
    Described("meta_thing", "One row.", {"stamp": "Of the publication."}, ("stamp",)),
    Described("fct_later", "Not built yet.", {}, ("stamp",)),
)
TABLES = ("dim_thing", "fct_thing", "meta_thing")
EVENTS = 500


def toy_home(folder: Path, **overrides: object) -> Settings:
    """A home with a warehouse of stamp 1."""
    settings = load_settings(home=folder, source_url="sample:", min_free_bytes=0, **overrides)
    settings.home.mkdir(parents=True, exist_ok=True)
    stamp_warehouse(settings, 1)
    return settings


def events(stamp: int) -> int:
    """Rows of fct_thing at a stamp: another number each time, so that a mixture shows."""
    return EVENTS + stamp % 97


def stamp_warehouse(settings: Settings, stamp: int, *, tables: tuple[str, ...] = TABLES) -> None:
    """Write `tables` with `stamp`."""
    bodies = {
        "dim_thing": f"select range as thing_id, {stamp} as stamp, 'naïve 船 ' || range as name, "
        "case when range % 3 > 0 then [range, 1] end as list from range(40)",
        "fct_thing": f"select hash(range) % 40 as thing_id, {stamp} as stamp, range as event_id, "
        "date '2026-01-01' + cast(range % 300 as integer) as day, cast(range as decimal(18, 3)) / 7 as weight_kg, "
        "cast(range as decimal(18, 3)) as quantity, range / 7.0 as share, range % 2 = 0 as is_even, "
        "case when range % 5 > 0 then 'note ' || range end as note, "
        "timestamp '2026-01-01 10:00:00' + to_seconds(range) as seen_at, "
        "timestamptz '2026-01-01 10:00:00+00' + to_seconds(range) as sent_at "
        f"from range({events(stamp)}) order by hash(range + 1)",
        "meta_thing": f"select {stamp} as stamp",
    }
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute("create or replace table private_thing as select 'not for readers' as text")
        for name in tables:
            connection.execute(f"create or replace table {name} as {bodies[name]}")


def publish(settings: Settings) -> BiReport:
    """Publish the small warehouse."""
    return publish_tables(settings, DESCRIBED)


def stamp_of_file(path: Path) -> int:
    """The one stamp of a copy's DuckDB file.

    Raises:
        AssertionError: its tables carry several, or not the rows that belong to it.
    """
    with duckdb.connect(str(path), read_only=True) as connection:
        return _one_stamp([_stamps(connection, name) for name in TABLES])


def stamp_of_parquet(folder: Path) -> int:
    """The same of a copy's Parquet folder; what stands behind a link is looked up once."""
    with duckdb.connect() as connection:
        real = folder.resolve()
        return _one_stamp([_stamps(connection, f"read_parquet('{real}/{name}/*.parquet')") for name in TABLES])


def leftovers(settings: Settings) -> list[str]:
    """Files in the copy's folder that do not belong there."""
    found = [path for folder in (settings.bi_dir, settings.bi_dir / "versions") for path in folder.iterdir()]
    known = {"leverage.duckdb", "parquet", "versions"}
    return [path.name for path in found if path.name not in known and not path.name.isdigit()]


def modes(folder: Path) -> set[tuple[str, int]]:
    """Kind and mode of everything in a folder, links left out."""
    found = set()
    for root, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(root) / name
            if not path.is_symlink():
                found.add(("folder" if path.is_dir() else "file", stat.S_IMODE(path.stat().st_mode)))
    return found


def _stamps(connection: duckdb.DuckDBPyConnection, relation: str) -> tuple[int, int, int]:
    row = connection.execute(f"select count(*), min(stamp), max(stamp) from {relation}").fetchone()
    assert row is not None
    return row


def _one_stamp(seen: list[tuple[int, int, int]]) -> int:
    stamps = {stamp for _, lowest, highest in seen for stamp in (lowest, highest)}
    assert len(stamps) == 1, f"stamps {sorted(stamps)} in one copy"
    (stamp,) = stamps
    assert [rows for rows, _, _ in seen] == [40, events(stamp), 1], f"rows {seen} do not belong to stamp {stamp}"
    return stamp
