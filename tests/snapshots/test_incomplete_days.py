"""Weeks that a release day leaves incomplete when it is passed over."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.settings import load_settings
from pipeline.snapshots.incomplete_days import incomplete_path, missing_parts, week_number, write_incomplete
from pipeline.state.waivers import waive
from pipeline.warehouse.cutoff import AsOf
from tests.snapshots.toy import CUT_OFF, FIRST, WEEK, days, load

AS_OF = AsOf.of(WEEK.monday, CUT_OFF)


def test_a_day_touches_the_weeks_in_which_its_vessels_arrive() -> None:
    monday = date(2026, 3, 2)
    number = week_number(monday)
    assert week_number(date(1970, 1, 5)) == 0
    assert week_number(monday + timedelta(days=6)) == number
    assert missing_parts([]) == {}
    assert list(missing_parts([monday])) == [number - 1, number]
    assert list(missing_parts([monday + timedelta(days=5)])) == [number]
    assert list(missing_parts([monday + timedelta(days=6), monday])) == [number - 1, number, number + 1]


def test_only_days_that_are_passed_over_for_the_week_count(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, threads=1, _env_file=None)
    missing = WEEK.monday + timedelta(days=9)
    load(settings, [day for day in days(FIRST, CUT_OFF) if day != missing])
    assert write_incomplete(settings, AS_OF) == [], "missing, and not passed over: the week is not published at all"
    waive(settings, missing, "lost for good")
    waive(settings, CUT_OFF + timedelta(days=1), "after the cut-off")
    number = week_number(WEEK.monday)
    assert write_incomplete(settings, AS_OF) == [number, number + 1]
    written = incomplete_path(settings)
    kept = pq.read_table(written).to_pydict()
    assert kept["week_number"] == [number, number + 1]
    assert sum(kept["missing_part"]) == pytest.approx(1 / 7), "a day of a daily feed is a seventh of a week"
    before = written.read_bytes()
    write_incomplete(settings, AS_OF)
    assert written.read_bytes() == before
    assert [path.name for path in written.parent.iterdir()] == [written.name]
