from datetime import date
from pathlib import Path

from pipeline.defs.partitions import day_tags, first_day, last_day, release_partitions, run_days
from pipeline.defs.weekly import run_week, week_partitions, week_tags
from pipeline.settings import load_settings
from pipeline.snapshots.calendar import parse_week
from simulator import FIRST_RELEASE, LAST_CLOSED_WEEK, LAST_RELEASE


def test_one_day_and_a_range_are_read_back_from_their_tags() -> None:
    assert run_days(day_tags(date(2026, 3, 1), date(2026, 3, 1))) == [date(2026, 3, 1)]
    days = run_days(day_tags(date(2026, 2, 27), date(2026, 3, 2)))
    assert days == [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 2)]
    assert run_days({}) == []


def test_the_sample_has_a_partition_for_each_of_its_days(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, source_url="sample:")
    keys = release_partitions(settings).get_partition_keys()
    assert first_day(settings) == FIRST_RELEASE
    assert keys[0] == str(FIRST_RELEASE)
    assert str(LAST_RELEASE) in keys
    assert keys[-1] == str(last_day(settings))


def test_a_feed_begins_where_the_settings_say(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, source_url=tmp_path.as_uri(), first_release_date="2026-01-05")
    assert release_partitions(settings).get_partition_keys()[0] == "2026-01-05"


def test_weeks_begin_on_mondays_from_the_first_whole_week_of_releases(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, source_url=tmp_path.as_uri(), first_release_date="2026-01-06")
    assert week_partitions(settings).get_partition_keys()[:2] == ["2026-01-12", "2026-01-19"]
    tags = week_tags(parse_week("2026-W03"), "new rules")
    assert tags == {"dagster/partition": "2026-01-12", "leverage/revise": "new rules"}
    assert run_week(tags) == parse_week("2026-W03")


def test_the_sample_has_a_partition_for_its_last_closed_week(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, source_url="sample:")
    assert str(LAST_CLOSED_WEEK) in week_partitions(settings).get_partition_keys()
