"""Nights that go wrong: what is reported, what is preserved, and how the next night repairs it."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.cli.command import DONE, FAILED, NOT_YET
from pipeline.cli.runs import exit_code
from pipeline.progress import Progress
from pipeline.runs.nightly import backfill_days
from pipeline.runs.report import RunReport
from pipeline.runs.upkeep import rebuild_warehouse
from pipeline.settings import Settings, load_settings
from pipeline.warehouse.connection import WarehouseError, warehouse
from pipeline.warehouse.pending import pending_days
from tests.marts import assert_same_marts, mart_rows
from tests.nightly.conftest import FIRST, LAST, day_folder, run_days

MakeHome = Callable[..., Settings]
NIGHT = FIRST + timedelta(days=2)
AFTER = NIGHT + timedelta(days=1)
SECRET = "a-secret-that-must-not-show"


def _file(world: Path, day: date, table: str) -> Path:
    return next(day_folder(world, day).glob(f"ams__{table}_*"))


def _rewrite(path: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    """Change a file's lines; delete its manifest, whose hash would expose the change."""
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    path.write_bytes(gzip.compress(b"".join(change(lines)), mtime=0))
    (path.parent / "manifest.json").unlink(missing_ok=True)


def test_a_day_that_is_not_published_is_nothing_to_do_yet(world: Path, home_of: MakeHome) -> None:
    settings = home_of(world)
    report = run_days(settings, LAST + timedelta(days=1))
    assert report.success
    assert report.days[0].outcome == "not_published"
    assert exit_code(report.success, [report.days[0].outcome]) == NOT_YET
    assert not settings.warehouse_path.exists()


def test_an_incomplete_day_waits_and_is_loaded_when_it_is_whole(own_world: Path, loaded_home: MakeHome) -> None:
    settings = loaded_home(FIRST, source=own_world)
    before = mart_rows(settings)
    billgen = _file(own_world, FIRST + timedelta(days=1), "billgen")
    kept = billgen.read_bytes()
    billgen.unlink()
    report = run_days(settings, FIRST + timedelta(days=1))
    assert report.days[0].outcome == "incomplete"
    assert "billgen" in (report.days[0].reason or "")
    assert exit_code(report.success, ["incomplete"]) == NOT_YET
    assert mart_rows(settings) == before, "nothing of an incomplete release reaches the warehouse"
    billgen.write_bytes(kept)
    assert run_days(settings, FIRST + timedelta(days=1)).days[0].outcome == "loaded"


def test_a_renamed_column_stops_its_day_and_names_the_column(own_world: Path, home_of: MakeHome) -> None:
    settings = home_of(own_world)
    _rewrite(
        _file(own_world, FIRST, "header"),
        lambda lines: [lines[0].replace(b"carrier_code", b"carier_code"), *lines[1:]],
    )
    report = run_days(settings, FIRST)
    assert not report.success
    assert report.days[0].outcome == "failed"
    assert "carrier_code" in report.faults[0]
    assert "carier_code" in report.faults[0], "the nearest match is named"
    assert exit_code(report.success, ["failed"]) == FAILED


@pytest.fixture(scope="module")
def faulty(world: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, RunReport]:
    """A home that has loaded four days, one with a row that does not parse and one that a check refuses."""
    folder = tmp_path_factory.mktemp("faulty")
    own = Path(shutil.copytree(world, folder / "world"))
    _rewrite(_file(own, FIRST, "cargodesc"), lambda lines: [*lines, b'12,"never closed\n'])
    # Children without a header: what is left of the header file is a tenth of it.
    _rewrite(_file(own, NIGHT, "header"), lambda lines: lines[: max(2, len(lines) // 10)])
    settings = load_settings(home=folder / "home", source_url=own.as_uri(), min_free_bytes=0, source_token=SECRET)
    return settings, backfill_days(settings, FIRST, AFTER, recheck=False, chunk_days=None, progress=Progress())


def test_a_day_refused_by_a_check_is_set_aside_and_the_others_go_on(faulty: tuple[Settings, RunReport]) -> None:
    settings, report = faulty
    outcomes = {day.release_date: day.outcome for day in report.days}
    assert outcomes.pop(NIGHT) == "failed"
    assert set(outcomes.values()) == {"loaded"}
    assert not pending_days(settings)
    with warehouse(settings) as connection:
        days = connection.execute("select distinct release_date from int_record order by all").fetchall()
    assert [day for (day,) in days] == [FIRST, FIRST + timedelta(days=1), AFTER]


def test_a_row_that_does_not_parse_is_set_aside_and_the_rest_is_loaded(faulty: tuple[Settings, RunReport]) -> None:
    settings, report = faulty
    day = report.days[0]
    assert day.rows_quarantined >= 1
    assert day.rows_in == day.rows_loaded + day.rows_quarantined
    assert list(settings.quarantine_dir.glob(f"release_date={FIRST}/*.parquet"))


def test_no_secret_and_no_person_reaches_the_home(faulty: tuple[Settings, RunReport]) -> None:
    settings, _ = faulty
    for path in settings.home.rglob("*"):
        if path.is_file() and "landing" not in path.parts:
            assert SECRET.encode() not in path.read_bytes(), path
    provenance = json.loads((settings.landing_dir / str(FIRST) / "provenance.json").read_bytes())
    assert len(provenance["files"]) >= 4
    assert (settings.landing_dir.stat().st_mode & 0o777) == 0o700
    assert exit_code(True, ["loaded"]) == DONE


@pytest.mark.full
def test_a_refused_day_leaves_no_trace_in_the_marts(own_world: Path, home_of: MakeHome) -> None:
    settings, without = home_of(own_world), home_of(own_world, "without")
    _rewrite(_file(own_world, NIGHT, "header"), lambda lines: lines[: max(2, len(lines) // 10)])
    backfill_days(settings, FIRST, LAST, recheck=False, chunk_days=None, progress=Progress())
    (day_folder(own_world, NIGHT)).rename(own_world / "away")
    assert run_days(without, FIRST, LAST).success
    assert_same_marts(mart_rows(without), mart_rows(settings))


@pytest.mark.full
def test_a_corrected_day_replaces_what_was_loaded_of_it(
    own_world: Path, home_of: MakeHome, loaded_home: MakeHome
) -> None:
    corrected, at_once = loaded_home(NIGHT, "corrected", source=own_world), home_of(own_world, "at_once")
    before = mart_rows(corrected)
    # The same day again with fewer rows: the last bill of the header file is withdrawn, in every table.
    gone = gzip.decompress(_file(own_world, NIGHT, "header").read_bytes()).splitlines()[-1].split(b",")[0]
    for path in day_folder(own_world, NIGHT).glob("ams__*"):
        _rewrite(path, lambda lines: [line for line in lines if not line.startswith(gone + b",")])
    report = run_days(corrected, NIGHT)
    assert report.success
    assert report.days[0].outcome == "loaded"
    assert (corrected.landing_dir / str(NIGHT) / "superseded").is_dir(), "the old bytes are kept"
    assert mart_rows(corrected) != before
    assert run_days(at_once, FIRST, NIGHT).success
    assert_same_marts(mart_rows(at_once), mart_rows(corrected))


def test_one_file_under_two_days_counts_once(own_world: Path, loaded_home: MakeHome) -> None:
    settings = loaded_home(NIGHT, source=own_world)
    once = mart_rows(settings)
    late = day_folder(own_world, LAST + timedelta(days=1))
    late.mkdir(parents=True)
    for path in day_folder(own_world, NIGHT).glob("ams__*"):
        (late / path.name.replace(f"{NIGHT:%Y%m%d}", f"{LAST + timedelta(days=1):%Y%m%d}")).write_bytes(
            path.read_bytes()
        )
    assert run_days(settings, LAST + timedelta(days=1)).success
    assert_same_marts(once, mart_rows(settings))


@pytest.mark.full
def test_a_damaged_warehouse_is_reported_and_rebuilt_from_raw(loaded_home: MakeHome) -> None:
    settings = loaded_home(NIGHT)
    expected = mart_rows(settings)
    settings.warehouse_path.write_bytes(b"no database " * 1000)
    with pytest.raises(WarehouseError, match="leverage rebuild"):
        mart_rows(settings)
    report = run_days(settings, NIGHT + timedelta(days=1))
    assert not report.success
    assert "leverage rebuild" in report.faults[0]
    assert rebuild_warehouse(settings, progress=Progress()).success
    assert settings.home.joinpath("warehouse.duckdb.damaged-1").exists()
    assert run_days(settings, NIGHT + timedelta(days=1)).success
    assert len(mart_rows(settings)["fct_shipment"]) > len(expected["fct_shipment"])
