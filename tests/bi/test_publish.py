"""What stands in the BI copy."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from pipeline.bi import copy as bi_copy
from pipeline.bi import versions as bi_versions
from pipeline.bi.publish import publish_tables
from pipeline.bi.tables import Described
from pipeline.bi.versions import BiError, versions
from pipeline.settings import Settings
from pipeline.warehouse.connection import WarehouseError
from tests.bi.toy import (
    DESCRIBED,
    TABLES,
    leftovers,
    modes,
    publish,
    stamp_of_file,
    stamp_of_parquet,
    stamp_warehouse,
    toy_home,
)
from tests.snapshots.toy import days, load

MISSING = date(2026, 11, 20)
"""A release day that comes late."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return toy_home(tmp_path / "home")


def _rows(path: Path, name: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(f"select * from {name} order by all").fetchall()


def test_both_forms_of_the_copy_equal_the_warehouse(settings: Settings) -> None:
    report = publish(settings)
    assert set(report.version.tables) == {*TABLES, "meta_publish"}
    for name in TABLES:
        rows = _rows(settings.warehouse_path, name)
        assert rows
        assert _rows(settings.bi_path, name) == rows
        with duckdb.connect() as connection:
            files = settings.bi_dir / "parquet" / name / "*.parquet"
            assert connection.execute(f"select * from '{files}' order by all").fetchall() == rows


def test_the_copy_is_tables_only_in_main_and_nothing_private(settings: Settings) -> None:
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute("create view fct_later as select * from fct_thing where thing_id < 5")
    publish(settings)
    with duckdb.connect(str(settings.bi_path), read_only=True) as connection:
        found = connection.execute(
            "select schema_name, table_name from duckdb_tables() where not internal order by all"
        ).fetchall()
        assert found == [("main", name) for name in sorted(("fct_later", "meta_publish", *TABLES))]
        assert connection.execute("select count(*) from duckdb_views() where not internal").fetchall() == [(0,)]
    assert not Path(f"{settings.bi_path}.wal").exists()


def test_tables_and_columns_carry_their_meaning(settings: Settings) -> None:
    publish(settings)
    with duckdb.connect(str(settings.bi_path), read_only=True) as connection:
        tables = dict(connection.execute("select table_name, comment from duckdb_tables()").fetchall())
        columns = {
            (table, column): comment
            for table, column, comment in connection.execute(
                "select table_name, column_name, comment from duckdb_columns() where not internal"
            ).fetchall()
        }
    for item in DESCRIBED:
        if item.name in TABLES:
            assert tables[item.name] == item.description
            for column, meaning in item.columns.items():
                assert columns[item.name, column] == meaning
    assert all(comment for (table, _), comment in columns.items() if table == "meta_publish")


def test_rows_are_sorted_by_the_columns_that_readers_filter_by(settings: Settings) -> None:
    publish(settings)
    with duckdb.connect(str(settings.bi_path), read_only=True) as connection:
        rows = connection.execute("select thing_id, day from fct_thing").fetchall()
    assert rows == sorted(rows)
    columns = pq.read_table(settings.bi_dir / "parquet/fct_thing/fct_thing.parquet").to_pydict()
    assert list(zip(columns["thing_id"], columns["day"], strict=True)) == rows
    unsorted = [row[0] for row in duckdb.connect(str(settings.warehouse_path)).execute("from fct_thing").fetchall()]
    assert unsorted != sorted(unsorted), "the warehouse's own order proves nothing"


def test_the_file_is_written_for_the_oldest_reader_also_when_tables_are_reused(settings: Settings) -> None:
    publish(settings)
    stamp_warehouse(settings, 2, tables=("meta_thing",))
    publish(settings)
    with duckdb.connect() as connection:
        for version in versions(settings):
            connection.execute(f"attach '{version.file}' as copy (read_only)")
            tags = connection.execute("select tags from duckdb_databases() where database_name = 'copy'").fetchone()
            connection.execute("detach copy")
            assert tags is not None
            assert tags[0]["storage_version"].startswith("v1.0.0")


def test_meta_publish_has_a_row_of_the_nightly_tables_beside_those_of_the_weeks(settings: Settings) -> None:
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute(
            "create table meta_publish as select '2026-W46' as as_of_week, timestamptz '2026-11-30 06:00:00+00' as "
            "published_at, date '2026-11-29' as newest_release_date, date '2026-11-15' as closed_through_date, "
            "'m1-000003' as er_version, '7' as ruleset_version, '0.1.0' as code_version, 2 as revision"
        )
    loaded = days(date(2026, 11, 9), date(2026, 12, 2))
    load(settings, [day for day in loaded if day != MISSING])
    publish(settings)
    with duckdb.connect(str(settings.bi_path), read_only=True) as connection:
        rows = connection.execute(
            "select as_of_week, newest_release_date, closed_through_date, ruleset_version, revision, "
            "published_at is null from meta_publish order by as_of_week"
        ).fetchall()
    assert rows == [
        ("2026-W46", date(2026, 11, 29), date(2026, 11, 15), "7", 2, False),
        (None, date(2026, 12, 2), None, None, None, False),
    ], "a release is missing"
    load(settings, [MISSING])
    publish(settings)
    with duckdb.connect(str(settings.bi_path), read_only=True) as connection:
        closed = connection.execute("select closed_through_date from meta_publish where as_of_week is null").fetchall()
    assert closed == [(date(2026, 11, 15),)]


def test_a_second_publication_of_the_same_tables_changes_nothing(settings: Settings) -> None:
    first = publish(settings)
    before = settings.bi_path.stat()
    second = publish(settings)
    assert (second.version.number, second.changed) == (first.version.number, ())
    assert settings.bi_path.stat() == before


def test_unchanged_tables_are_reused_and_changed_ones_written(settings: Settings) -> None:
    publish(settings)
    stamp_warehouse(settings, 2, tables=("meta_thing",))
    assert publish(settings).changed == ("meta_thing",)
    one, other = versions(settings)
    assert other.parquet("fct_thing").samefile(one.parquet("fct_thing"))
    assert not other.parquet("meta_thing").samefile(one.parquet("meta_thing"))
    assert _rows(settings.bi_path, "meta_thing") == [(2,)]
    assert _rows(settings.bi_path, "fct_thing") == _rows(settings.warehouse_path, "fct_thing")
    assert _rows(one.file, "meta_thing") == [(1,)]


def test_a_table_that_is_no_longer_published_leaves_the_copy(settings: Settings) -> None:
    publish(settings)
    report = publish_tables(settings, [item for item in DESCRIBED if item.name != "dim_thing"])
    assert report.changed == ("dim_thing",)
    with duckdb.connect(str(settings.bi_path), read_only=True) as connection:
        assert ("dim_thing",) not in connection.execute("select table_name from duckdb_tables()").fetchall()
    assert not (settings.bi_dir / "parquet" / "dim_thing").exists()


def test_another_description_or_order_makes_a_new_version(settings: Settings) -> None:
    publish(settings)
    reworded = [Described("dim_thing", "A thing.", {}, ("name",)), *DESCRIBED[1:]]
    assert publish_tables(settings, reworded).changed == ("dim_thing",)
    with duckdb.connect(str(settings.bi_path), read_only=True) as connection:
        comments = dict(connection.execute("select table_name, comment from duckdb_tables()").fetchall())
        names = [row[0] for row in connection.execute("select name from dim_thing").fetchall()]
    assert comments["dim_thing"] == "A thing."
    assert names == sorted(names)


@pytest.mark.parametrize(
    "harm",
    [
        "delete from bi.main.fct_thing where event_id = 3",
        "insert into bi.main.fct_thing from bi.main.fct_thing where event_id = 3",
        "update bi.main.fct_thing set note = 'note 4 ' where event_id = 4",
        "update bi.main.fct_thing set note = '' where note is null and event_id = 5",
        "create view bi.main.fct_view as select 1 as one",
    ],
)
def test_a_copy_that_differs_by_one_row_is_not_shown(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    publish(settings)
    stamp_warehouse(settings, 2)
    whole = bi_copy._write_parquet

    def harmed(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
        whole(connection, name, path)
        if name == "fct_thing":
            connection.execute(harm)

    monkeypatch.setattr(bi_copy, "_write_parquet", harmed)
    with pytest.raises(BiError, match=r"fct_thing|fct_view"):
        publish(settings)
    assert stamp_of_file(settings.bi_path) == 1
    assert leftovers(settings) == []


def test_a_parquet_file_that_differs_is_not_shown(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = bi_copy._write_parquet

    def harmed(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
        if name == "fct_thing":
            connection.execute(f"copy (from bi.main.fct_thing limit 7) to '{path}' (format parquet)")
        else:
            whole(connection, name, path)

    monkeypatch.setattr(bi_copy, "_write_parquet", harmed)
    with pytest.raises(BiError, match="the BI Parquet differs from the warehouse in fct_thing"):
        publish(settings)
    assert not settings.bi_path.exists()


def test_only_owner_and_group_read_and_no_account_writes(settings: Settings) -> None:
    publish(settings)
    assert modes(settings.bi_dir) == {("folder", 0o750), ("file", 0o440)}
    assert settings.bi_dir.stat().st_mode & 0o777 == 0o750


def test_a_set_group_bit_of_the_folder_is_preserved(settings: Settings) -> None:
    settings.bi_dir.mkdir()
    settings.bi_dir.chmod(0o2750)
    publish(settings)
    assert modes(settings.bi_dir) == {("folder", 0o2750), ("file", 0o440)}


def test_a_reader_keeps_the_old_rows_until_it_opens_the_file_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings)
    # another process, as BI tools are: within one, DuckDB hands out the database that is open under the path
    reader = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys\n"
            "ask = lambda c: c.execute('select stamp from meta_thing').fetchone()[0]\n"
            "old = duckdb.connect(sys.argv[1], read_only=True)\n"
            "print(ask(old), flush=True)\n"
            "sys.stdin.readline()\n"
            "kept = [ask(old), old.execute('select max(stamp) from fct_thing').fetchone()[0]]\n"
            "old.close()\n"
            "print(kept + [ask(duckdb.connect(sys.argv[1], read_only=True))], flush=True)\n",
            str(settings.bi_path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == "1\n"
    monkeypatch.setattr(bi_versions, "GRACE_S", 0.0)
    for stamp in range(2, 7):  # beyond what is kept: the file that the reader has open has no name any more
        stamp_warehouse(settings, stamp)
        publish(settings)
    result, _ = reader.communicate("go on\n", timeout=60)
    assert json.loads(result) == [1, 1, 6]


def test_a_log_beside_the_old_file_is_not_read_into_the_new_one(settings: Settings) -> None:
    publish(settings)
    Path(f"{settings.bi_path}.wal").write_bytes(b"left by a program that opened the file for writing")
    stamp_warehouse(settings, 2)
    publish(settings)
    assert stamp_of_file(settings.bi_path) == 2


def test_a_missing_warehouse_or_table_names_the_command_to_run(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(BiError, match="no published table yet: run `leverage run`"):
        publish_tables(settings, [Described("fct_later", "Not built.")])
    settings.warehouse_path.unlink()
    with pytest.raises(WarehouseError, match="does not exist: run `leverage run`"):
        publish(settings)


def test_a_full_disk_is_reported_before_anything_is_written(tmp_path: Path) -> None:
    settings = toy_home(tmp_path / "home")
    tight = settings.model_copy(update={"min_free_bytes": 1 << 60})
    with pytest.raises(BiError, match="not enough disk for the BI copy"):
        publish(tight)
    assert leftovers(settings) == []
    publish(settings)
    assert stamp_of_file(settings.bi_path) == stamp_of_parquet(settings.bi_dir / "parquet") == 1
