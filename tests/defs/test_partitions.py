from datetime import date
from pathlib import Path

import dagster as dg

from pipeline.defs.partitions import (
    ReleaseDays,
    first_day,
    last_day,
    release_partitions,
    run_days,
    run_week,
    week_partitions,
)
from pipeline.settings import load_settings
from pipeline.snapshots.calendar import parse_week
from simulator import FIRST_RELEASE, LAST_CLOSED_WEEK, LAST_RELEASE


def test_the_days_of_a_run_come_from_its_partition_its_configuration_or_its_range_of_partitions() -> None:
    one = dg.DagsterRun(job_name="nightly", tags={"dagster/partition": "2026-03-01"})
    assert run_days(one) == [date(2026, 3, 1)]
    days = [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 2)]
    config = ReleaseDays.of(days[0], days[-1], recheck=False)
    ops = {"land": {"config": config.model_dump()}}
    assert run_days(dg.DagsterRun(job_name="nightly", run_config={"ops": ops})) == days
    tags = {
        "dagster/asset_partition_range_start": "2026-02-27",
        "dagster/asset_partition_range_end": "2026-03-02",
    }
    assert run_days(dg.DagsterRun(job_name="nightly", tags=tags)) == days
    assert run_days(dg.DagsterRun(job_name="rebuild")) == []


def test_the_sample_has_a_partition_for_each_of_its_days(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, source_url="sample:")
    keys = release_partitions(settings).get_partition_keys()
    assert first_day(settings) == FIRST_RELEASE
    assert keys[0] == str(FIRST_RELEASE)
    assert str(LAST_RELEASE) in keys
    assert keys[-1] == str(last_day(settings))


def test_a_feed_begins_with_the_first_release_date_of_the_settings(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, source_url=tmp_path.as_uri(), first_release_date="2026-01-05")
    assert release_partitions(settings).get_partition_keys()[0] == "2026-01-05"


def test_weeks_begin_on_mondays_from_the_first_whole_week_of_releases(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, source_url=tmp_path.as_uri(), first_release_date="2026-01-06")
    assert week_partitions(settings).get_partition_keys()[:2] == ["2026-01-12", "2026-01-19"]
    run = dg.DagsterRun(job_name="weekly", tags={"dagster/partition": "2026-01-12"})
    assert run_week(run) == parse_week("2026-W03")


def test_the_sample_has_a_partition_for_its_last_closed_week(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, source_url="sample:")
    assert str(LAST_CLOSED_WEEK) in week_partitions(settings).get_partition_keys()
