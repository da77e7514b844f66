"""The same records give the same marts, however they come."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.progress import Progress
from pipeline.runs.upkeep import rebuild_warehouse
from pipeline.settings import Settings
from pipeline.state.release_outcomes import read_outcomes
from pipeline.warehouse.pending import pending_days
from simulator.feed.writer import write_sample
from tests.marts import assert_same_marts, mart_rows
from tests.nightly.conftest import BILLS_PER_DAY, DAYS, FIRST, LAST, run_days

MakeHome = Callable[..., Settings]


@pytest.mark.full
def test_one_range_equals_single_nights(world: Path, home_of: MakeHome, loaded_home: MakeHome) -> None:
    singly, at_once = home_of(world, "singly"), loaded_home(LAST, "at_once")
    for night in range(DAYS):
        report = run_days(singly, FIRST + timedelta(days=night))
        assert report.success
        assert report.days[0].outcome == "loaded"
    assert_same_marts(mart_rows(singly), mart_rows(at_once))


def test_a_second_run_changes_nothing_and_a_rebuild_gives_the_same_rows(
    loaded_home: MakeHome, caplog: pytest.LogCaptureFixture
) -> None:
    settings = loaded_home(LAST)
    first = mart_rows(settings)
    written = settings.warehouse_path.stat().st_mtime_ns

    caplog.set_level(logging.WARNING)
    again = run_days(settings, FIRST, LAST)
    assert again.success
    assert not caplog.records, "nothing to check is nothing to warn of"
    assert {day.outcome for day in again.days} == {"unchanged"}
    assert settings.warehouse_path.stat().st_mtime_ns == written, "an unchanged range is no work for the warehouse"
    assert mart_rows(settings) == first

    settings.warehouse_path.unlink()
    assert len(pending_days(settings)) == DAYS
    assert rebuild_warehouse(settings, progress=Progress()).success
    assert_same_marts(first, mart_rows(settings))


def test_cumulative_files_give_the_marts_of_the_daily_feed(
    home_of: MakeHome, loaded_home: MakeHome, tmp_path: Path
) -> None:
    yearly = tmp_path / "cumulative"
    write_sample(yearly, days=DAYS, bills_per_day=BILLS_PER_DAY, seed=11, start=FIRST, layout="cumulative")
    daily, cumulative = loaded_home(LAST, "daily"), home_of(yearly, "yearly")
    for night in (2, DAYS - 1):
        assert run_days(cumulative, FIRST + timedelta(days=night)).success
    assert_same_marts(mart_rows(daily), mart_rows(cumulative))


def test_rows_are_conserved_from_file_to_raw_and_quarantine(loaded_home: MakeHome) -> None:
    settings = loaded_home(LAST)
    loaded = [item for item in read_outcomes(settings) if item.outcome == "loaded"]
    assert len(loaded) >= 4 * DAYS
    for item in loaded:
        assert item.rows_in == (item.rows_loaded or 0) + (item.rows_quarantined or 0), item
