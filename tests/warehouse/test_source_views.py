"""Views over the files that dbt's sources name."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipeline.project_files import DBT_PROJECT
from pipeline.warehouse.connection import scratch
from pipeline.warehouse.source_views import SourceTable, create_source_views, declared_sources

DAYS = SourceTable(
    schema="raw",
    name="header",
    files="raw/header/release_date=*/*.parquet",
    columns={"identifier": "bigint"},
    partition={"release_date": "date"},
    from_path={},
    paths_only=False,
    renamed={},
)
FROZEN = SourceTable(
    schema="snapshots",
    name="fct_tier",
    files="snapshots/*/r*/fct_tier.parquet",
    columns={"as_of_week": "varchar", "revision": "integer", "tier": "varchar", "power": "double", "added": "bigint"},
    partition={},
    from_path={"as_of_week": "([0-9]{4}-W[0-9]{2})/r[0-9]+/[^/]+$", "revision": "/r([0-9]+)/[^/]+$"},
    paths_only=False,
    renamed={"power": "strength"},
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose path has characters that mean something in a pattern or in SQL."""
    path = tmp_path / "it's [one] of*ours"
    path.mkdir()
    return path


def write(query: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.sql(query).write_parquet(str(path))


def view_rows(home: Path, table: SourceTable) -> list[tuple[object, ...]]:
    with scratch() as connection:
        create_source_views(connection, home, [table])
        return connection.execute(f"from {table.schema}.{table.name} order by all").fetchall()


def test_every_declared_source_is_typed_and_empty_before_its_first_file(home: Path) -> None:
    tables = declared_sources(DBT_PROJECT)
    assert {table.schema for table in tables} == {"raw", "state", "parties", "weekly", "snapshots", "imports"}
    with scratch() as connection:
        create_source_views(connection, home, tables)
        for table in tables:
            found = connection.execute(f"from {table.schema}.{table.name}")
            assert [name for name, *_ in found.description] == [*table.columns, *table.partition]
            assert found.fetchall() == []


def test_a_filter_on_the_partition_opens_its_files_only(home: Path) -> None:
    for day in ("2026-11-02", "2026-11-03", "2026-11-04"):
        write("select 1::bigint as identifier", home / "raw" / "header" / f"release_date={day}" / "part-0.parquet")
    with scratch() as connection:
        create_source_views(connection, home, [DAYS])
        query = "select identifier from raw.header where release_date in (date '2026-11-03')"
        assert connection.execute(query).fetchall() == [(1,)]
        ((_, plan),) = connection.execute(f"explain {query}").fetchall()
        assert "1/3" in plan


def test_a_view_shows_files_that_came_after_it(home: Path) -> None:
    folder = home / "raw" / "header"
    write("select 1::bigint as identifier", folder / "release_date=2026-11-02" / "part-0.parquet")
    with scratch() as connection:
        create_source_views(connection, home, [DAYS])
        write("select 2::bigint as identifier", folder / "release_date=2026-11-03" / "part-0.parquet")
        assert connection.execute("select identifier from raw.header order by 1").fetchall() == [(1,), (2,)]


def test_frozen_rows_know_their_week_and_revision(home: Path) -> None:
    write("select 'A' as tier, 0.5 as power, 7 as added", home / "snapshots" / "2026-W45" / "r10" / "fct_tier.parquet")
    assert view_rows(home, FROZEN) == [("2026-W45", 10, "A", 0.5, 7)]


def test_files_frozen_before_a_column_came_or_was_renamed_are_read(home: Path) -> None:
    write("select 'A' as tier, 0.5 as strength", home / "snapshots" / "2026-W45" / "r1" / "fct_tier.parquet")
    assert view_rows(home, FROZEN) == [("2026-W45", 1, "A", 0.5, None)]


def test_batches_are_read_from_the_names_of_their_folders(home: Path) -> None:
    (batches,) = (table for table in declared_sources(DBT_PROJECT) if table.name == "batches")
    for number in (7, 12):
        folder = home / "state" / "parties" / f"batch={number:06d}"
        folder.mkdir(parents=True)
        (folder / "batch.json").touch()
    (home / "state" / "parties" / "batch=000013").mkdir()  # not whole: its last file is missing
    assert view_rows(home, batches) == [(7,), (12,)]
