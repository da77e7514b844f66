"""Rhythms of sources: which days have a release, and which one lacks."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.ingest.nightly import land_days, outcome_lines
from pipeline.ingest.release_days import days_to_ask, unexpected
from pipeline.ingest.sources.listing import days_of_files
from pipeline.progress import Progress
from pipeline.settings import Settings, SettingsError, load_settings
from pipeline.state.release_outcomes import append_outcomes, read_outcomes
from pipeline.state.release_rhythm import learn_rhythm

from .conftest import good_tables

MONDAY = date(2024, 1, 1)
FEDERAL = date(2024, 7, 4)


def span(days: int) -> list[date]:
    return [MONDAY + timedelta(days=number) for number in range(days)]


def lacking(published: list[date], days: int, setting: str = "auto") -> list[date]:
    """The days that a source of this rhythm lacks, when each day of the span was asked for."""
    silent = [day for day in span(days) if day not in published]
    return [
        day for day in learn_rhythm(published, silent, setting).expected(MONDAY, span(days)[-1]) if day not in published
    ]


@pytest.mark.parametrize("step", [1, 7, 14, 30])
def test_release_left_out_of_a_steady_feed_lacks(step: int) -> None:
    days = span(720)[::step]
    assert lacking(days, 720) == []
    left_out = days[len(days) // 2]
    days.remove(left_out)
    assert lacking(days, 720) == [left_out]


def test_office_days_have_no_weekends_and_no_holidays() -> None:
    days = [day for day in span(366) if day.weekday() < 5 and day != FEDERAL]
    assert lacking(days, 366) == []
    days.remove(date(2024, 7, 9))
    assert lacking(days, 366) == [date(2024, 7, 9)]


def test_weekly_feed_that_moves_in_a_holiday_week_lacks_its_usual_day_only() -> None:
    days = span(720)[::7]
    days[20] += timedelta(days=1)
    assert lacking(days, 720) == [MONDAY + timedelta(days=140)]


def test_irregular_feed_lacks_nothing() -> None:
    days = [MONDAY + timedelta(days=number * number) for number in range(26)]
    assert lacking(days, 720) == []


def test_setting_names_the_days() -> None:
    assert lacking(span(30)[::7], 30, "mon,thu") == [MONDAY + timedelta(days=3 + 7 * n) for n in range(4)]
    assert lacking([MONDAY], 30, "irregular") == []
    with pytest.raises(SettingsError, match="LEVERAGE_RELEASE_DAYS"):
        load_settings(_env_file=None, release_days="mon,tuesday")


def test_days_of_a_source_are_read_from_its_paths() -> None:
    files = [
        ("2020/20200113/ams__header_2020__20200113.csv.gz", 10),
        ("2020/20200113/ams__hazmatclass_2020__20200113.csv", 5),
        ("2020/20200120/ams__header_2020__20200120.csv", 7),
        ("2020/20200121/ams__hazmat_2020__20200121.csv", 7),
        ("2020/20200199/ams__header_2020__20200199.csv", 7),
        ("readme.txt", 1),
    ]
    found = days_of_files("%Y/%Y%m%d/ams__{table}_%Y__%Y%m%d.csv.gz", files)
    assert found == {date(2020, 1, 13): 85, date(2020, 1, 20): 7}
    assert days_of_files("ams__{table}_%Y__%Y%m%d*.csv", [("ams__header_2020__202001201500.csv", 7)]) == {
        date(2020, 1, 20): 7
    }
    assert days_of_files("ams__{table}.csv", files) is None


@pytest.fixture
def weekly(tmp_path: Path) -> Settings:
    """A source with a release each Monday for 20 weeks, but for one."""
    for number, day in enumerate(span(140)[::7]):
        if number != 10:
            for table in ("header", "billgen", "shipper", "consignee"):
                (tmp_path / "source").mkdir(exist_ok=True)
                (tmp_path / "source" / f"{table}_{day:%Y%m%d}.csv").write_bytes(good_tables()[table])
    source = {"source_url": (tmp_path / "source").as_uri(), "source_template": "{table}_%Y%m%d.csv"}
    return load_settings(_env_file=None, home=tmp_path / "home", min_free_bytes=0, **source)


def test_listed_source_is_asked_for_its_days_and_the_one_that_lacks(weekly: Settings) -> None:
    assert days_to_ask(weekly, span(140)) == span(140)[::7]
    landings = land_days(weekly, span(140), recheck=False, progress=Progress())
    assert [item.outcome for item in landings].count("landed") == 19
    journal = {item.release_date for item in read_outcomes(weekly)}
    assert journal == {MONDAY + timedelta(weeks=10)}, "days without a release are not listed"
    assert days_to_ask(weekly, [MONDAY + timedelta(days=1)]) == [MONDAY + timedelta(days=1)]


def test_source_that_cannot_be_listed_is_not_asked_for_weekdays_without_releases(
    weekly: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.ingest.release_days.listed_days", lambda _settings: None)
    landings = land_days(weekly, span(140), recheck=False, progress=Progress())
    assert [item.outcome for item in landings].count("landed") == 19
    assert 4 * 6 <= [item.outcome for item in landings].count("not_published") <= 6 * 6
    for landing in landings:
        if landing.files:
            append_outcomes(weekly, outcome_lines(landing, "loaded", None, "v1"))
    assert unexpected(weekly, [MONDAY + timedelta(days=1), MONDAY + timedelta(weeks=10)]) >= {
        MONDAY + timedelta(days=1)
    }
