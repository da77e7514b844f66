"""The BI file is read whole by the locked driver and by the oldest one."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pytest

from tests.bi.drivers import OLDEST, python_of, read
from tests.bi.toy import DESCRIBED, TABLES, events, publish, stamp_warehouse, toy_home


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A copy, and one that reuses tables of it."""
    settings = toy_home(tmp_path / "home")
    publish(settings)
    stamp_warehouse(settings, 2, tables=("meta_thing",))
    publish(settings)
    return sorted((settings.bi_dir / "versions").glob("*/leverage.duckdb"))


def test_the_locked_driver_reads_every_row_and_comment(files: list[Path]) -> None:
    for file in files:
        result = read(sys.executable, file)
        assert result["driver"] == duckdb.__version__
        assert set(result["tables"]) == {*TABLES, "meta_publish"}
        assert result["tables"]["fct_thing"]["rows"] == events(1)
        assert result["tables"]["fct_thing"]["comment"] == DESCRIBED[1].description


def test_the_oldest_driver_reads_the_same(files: list[Path]) -> None:
    python = python_of(OLDEST)
    if python is None:
        pytest.skip(f"no environment with duckdb {OLDEST}: `make drivers` or `make test-full` makes it")
    for file in files:
        result = read(python, file)
        assert result["driver"] == OLDEST
        assert result["tables"] == read(sys.executable, file)["tables"]


def test_a_file_of_the_newest_form_is_not_read_by_the_oldest_driver(tmp_path: Path) -> None:
    """What the older form is for; when this fails it is not needed any more."""
    python = python_of(OLDEST)
    if python is None:
        pytest.skip(f"no environment with duckdb {OLDEST}: `make drivers` or `make test-full` makes it")
    with duckdb.connect() as connection:
        connection.execute(f"attach '{tmp_path}/new.duckdb' as new (storage_version 'latest')")
        connection.execute("create table new.main.one as select 1 as one")
    with pytest.raises(RuntimeError):
        read(python, tmp_path / "new.duckdb")
