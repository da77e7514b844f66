"""A week from its releases to its explanation: published twice, corrected, revised, explained, rebuilt."""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
import sys
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result

from pipeline.cli.main import main
from pipeline.defs import weekly
from pipeline.progress import Progress
from pipeline.runs.nightly import run_release_days
from pipeline.runs.upkeep import rebuild_warehouse
from pipeline.settings import Settings, load_settings
from pipeline.snapshots.calendar import Week, week_of
from pipeline.snapshots.manifest import revisions, snapshot_dir
from pipeline.warehouse.connection import warehouse
from pipeline.warehouse.dbt_runner import DbtError
from simulator.feed.writer import write_sample
from tests.nightly.conftest import FIRST, day_folder

LATENESS = 1
FIRST_WEEK = week_of(FIRST)
SECOND_WEEK = FIRST_WEEK.before(-1)
LAST = SECOND_WEEK.cut_off(LATENESS)
CORRECTED = FIRST + timedelta(days=2)
PUBLISHED = ("fct_tier", "fct_leverage_snapshot", "fct_consolidation", "fct_alternative")
CALLED: list[str] = []


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a world and a home that has loaded it; only to be copied."""
    folder = tmp_path_factory.mktemp("loaded")
    write_sample(folder / "world", days=(LAST - FIRST).days + 1, bills_per_day=60, seed=11, start=FIRST)
    assert run_release_days(_settings(folder), FIRST, LAST, recheck=True, progress=Progress()).success
    return folder


@pytest.fixture
def world(loaded: Path, tmp_path: Path) -> Path:
    shutil.copytree(loaded / "world", tmp_path / "world")
    return tmp_path / "world"


@pytest.fixture
def settings(loaded: Path, world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home of its own with every release loaded."""
    shutil.copytree(loaded / "home", tmp_path / "home", symlinks=True)
    monkeypatch.chdir(tmp_path)
    CALLED.clear()
    monkeypatch.setitem(sys.modules, "pipeline.reporting.weekly.report", _stand_in())
    return _settings(tmp_path)


def _settings(folder: Path) -> Settings:
    return load_settings(
        home=folder / "home",
        source_url=(folder / "world").as_uri(),
        min_free_bytes=0,
        lateness_days=LATENESS,
        threads=2,
        _env_file=None,
    )


def _stand_in() -> ModuleType:
    """A report, which other tests look at."""
    report = ModuleType("pipeline.reporting.weekly.report")

    def write_report(settings: Settings, week: str) -> Path:
        CALLED.append(f"report {week}")
        return settings.reports_dir / week / "index.html"

    report.write_report = write_report  # type: ignore[attr-defined]
    return report


def bi_rows(settings: Settings, table: str) -> list[Any]:
    with duckdb.connect(str(settings.bi_path), read_only=True) as connection:
        return connection.execute(f"select * from {table} order by all").fetchall()


def leverage(settings: Settings, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    for name in ("home", "source_url", "min_free_bytes", "lateness_days", "threads"):
        monkeypatch.setenv(f"LEVERAGE_{name.upper()}", str(getattr(settings, name)))
    return CliRunner().invoke(main, [*arguments, "--json"])


def publish(settings: Settings, monkeypatch: pytest.MonkeyPatch, week: Week, *more: str) -> dict[str, Any]:
    result = leverage(settings, monkeypatch, "publish", "--as-of", week.text, *more)
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def frozen_bytes(settings: Settings, week: Week, revision: int = 1) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in snapshot_dir(settings, week, revision).iterdir()}


def published_rows(settings: Settings) -> dict[str, list[Any]]:
    with warehouse(settings) as connection:
        return {
            name: connection.execute(f"select * from {name} order by all").fetchall()
            for table in PUBLISHED
            for name in (table, f"{table}_history")
        } | {"meta_publish": connection.execute("select * from meta_publish order by all").fetchall()}


def explained(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, *weeks: str, pair: tuple[str, str]
) -> dict[str, Any]:
    result = leverage(settings, monkeypatch, "diff", *weeks, "--supplier", pair[0], "--buyer", pair[1])
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def test_weeks_are_published_once_and_their_difference_is_late_data_and_volume(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert leverage(settings, monkeypatch, "diff", FIRST_WEEK.text, SECOND_WEEK.text).exit_code == 3
    report = publish(settings, monkeypatch, FIRST_WEEK)
    assert (report["outcome"], report["revision"], report["reason"]) == ("published", 1, "first publication")
    assert min(report["rows"][name] for name in ("fct_tier", "fct_leverage_snapshot")) > 20
    assert [f"report {FIRST_WEEK}"] == CALLED
    newest = leverage(settings, monkeypatch, "publish")
    assert json.loads(newest.stdout)["as_of_week"] == SECOND_WEEK.text
    before = file_times(settings)
    again = publish(settings, monkeypatch, FIRST_WEEK)
    assert (again["outcome"], again["step_seconds"]) == ("already published", {})
    assert file_times(settings) == before
    assert len(CALLED) == 2
    rows = published_rows(settings)
    assert bi_rows(settings, "fct_tier") == rows["fct_tier"], "the BI copy shows what is published"
    assert len(rows["fct_tier"]) > 40
    assert [row[:2] for row in rows["meta_publish"]] == [(FIRST_WEEK.text, 1), (SECOND_WEEK.text, 1)]
    assert leverage(settings, monkeypatch, "publish", "--as-of", SECOND_WEEK.before(-1).text).exit_code == 3

    pair, of_second_week, known_later = pair_in_containers(settings)
    report = explained(settings, monkeypatch, FIRST_WEEK.text, SECOND_WEEK.text, pair=pair)
    volume = next(item for item in report["changes"] if (item["hs4"], item["figure"]) == ("all", "volume_52w"))
    assert Decimal(volume["causes"]["volume"]) == of_second_week
    assert Decimal(volume["causes"]["late data"]) == known_later - Decimal(volume["before"]) > 0
    assert Decimal(volume["causes"]["rules"]) == Decimal(volume["causes"]["entities"]) == 0
    add_up(report)


@pytest.mark.full
def test_a_corrected_release_makes_a_revision_that_is_explained_in_full_and_outlives_a_rebuild(
    settings: Settings, world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, monkeypatch, FIRST_WEEK)
    frozen = frozen_bytes(settings, FIRST_WEEK)
    withdraw_bills(world)
    assert run_release_days(settings, CORRECTED, CORRECTED, recheck=True, progress=Progress()).success

    line = "test rows_do_not_drop"
    with monkeypatch.context() as patch:
        patch.setattr(weekly, "compute_week", refused(line))
        refusal = leverage(settings, monkeypatch, "publish", "--as-of", FIRST_WEEK.text)
    assert refusal.exit_code == 1
    assert any(line in fault for fault in json.loads(refusal.stdout)["faults"])
    assert revisions(settings, FIRST_WEEK) == [1], "a week whose tests fail is not frozen"

    report = publish(settings, monkeypatch, FIRST_WEEK)
    assert (report["revision"], report["reason"]) == (2, f"corrected release {CORRECTED}")
    assert frozen_bytes(settings, FIRST_WEEK) == frozen, "a published revision is never touched"
    rows = published_rows(settings)
    assert {row[1] for row in rows["fct_tier"]} == {2}
    assert {row[1] for row in rows["fct_tier_history"]} == {1, 2}

    pair = largest_change(settings)
    report = explained(settings, monkeypatch, f"{FIRST_WEEK}@r1", FIRST_WEEK.text, pair=pair)
    share = next(item for item in report["changes"] if (item["hs4"], item["figure"]) == ("all", "share_of_supplier"))
    assert Decimal(share["causes"]["late data"]) == Decimal(share["change"]) != 0
    add_up(report)
    assert not report["notes"]

    frozen = frozen_bytes(settings, FIRST_WEEK, 2)
    settings.warehouse_path.unlink()
    assert rebuild_warehouse(settings, progress=Progress()).success
    assert published_rows(settings) == rows
    shutil.rmtree(snapshot_dir(settings, FIRST_WEEK, 2))
    publish(settings.model_copy(update={"threads": 1}), monkeypatch, FIRST_WEEK)
    assert frozen_bytes(settings, FIRST_WEEK, 2) == frozen, "the same inputs give the same bytes, on one thread or two"


def file_times(settings: Settings) -> dict[Path, int]:
    """When each file of a home was written, but for the writer's lock."""
    files = (path for path in settings.home.rglob("*") if path.is_file() and ".writer" not in path.name)
    return {path: path.stat().st_mtime_ns for path in files}


def pair_in_containers(settings: Settings) -> tuple[tuple[str, str], Decimal, Decimal]:
    """A pair whose volume is given in TEU at any time, its TEU of the second week and up to the first one.

    The warehouse knows what the second week knew: nothing has come after its cut-off.
    """
    with warehouse(settings) as connection:
        found = connection.execute(
            "with boxed as (select supplier_id from fct_shipment group by supplier_id "
            "having bool_and(coalesce(sized_weight_kg = weight_kg and weight_kg > 0, false))) "
            "select supplier_id, consignee_id, coalesce(sum(teu) filter (where week_start_date = $1), 0), "
            "sum(teu) filter (where week_start_date <= $2) from fct_pair_weekly inner join boxed using (supplier_id) "
            "inner join fct_tier using (supplier_id, consignee_id) where as_of_week = $3 "
            "group by supplier_id, consignee_id, volume_52w "
            "having sum(teu) filter (where week_start_date <= $2) > volume_52w order by 3 desc, 1, 2 limit 1",
            [SECOND_WEEK.monday, FIRST_WEEK.monday, FIRST_WEEK.text],
        ).fetchone()
    assert found is not None
    return (found[0], found[1]), found[2], found[3]


def largest_change(settings: Settings) -> tuple[str, str]:
    """The pair whose share the revision of the first week has moved most."""
    before, after = (snapshot_dir(settings, FIRST_WEEK, n) / "fct_leverage_snapshot.parquet" for n in (1, 2))
    found = duckdb.sql(
        f"select supplier_id, consignee_id from '{before}' as a inner join '{after}' as b "
        "using (supplier_id, consignee_id, hs4) where hs4 = 'all' "
        "order by abs(a.share_of_supplier - b.share_of_supplier) desc nulls last, supplier_id, consignee_id limit 1"
    ).fetchone()
    assert found is not None
    return found


def refused(line: str) -> Callable[..., Any]:
    """A computation whose test fails."""

    def compute(*_given: object, **_named: object) -> Any:
        raise DbtError(f"dbt build failed at {line}: got 1 result, configured to fail if != 0")

    return compute


def withdraw_bills(world: Path) -> None:
    """Publish a release anew without every third bill."""
    for path in day_folder(world, CORRECTED).glob("*.csv.gz"):
        head, *rows = csv.reader(io.StringIO(gzip.decompress(path.read_bytes()).decode("utf-8", "surrogateescape")))
        kept, text = [row for row in rows if int(row[0] or 0) % 3], io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([head, *kept])
        path.write_bytes(gzip.compress(text.getvalue().encode("utf-8", "surrogateescape"), mtime=0))
    (day_folder(world, CORRECTED) / "manifest.json").unlink(missing_ok=True)


def add_up(report: dict[str, Any]) -> None:
    assert report["changes"]
    for item in report["changes"]:
        if item["change"] is not None:
            assert sum(Decimal(part) for part in item["causes"].values()) == Decimal(item["change"]), item
