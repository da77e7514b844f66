"""Release days and ISO weeks as partitions, and which of them a run is for."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import dagster as dg

from pipeline.settings import Settings
from pipeline.snapshots.calendar import Week, week_of
from simulator import FIRST_RELEASE, LAST_RELEASE

PARTITION_TAG: Final = "dagster/partition"
RANGE_START_TAG: Final = "dagster/asset_partition_range_start"
RANGE_END_TAG: Final = "dagster/asset_partition_range_end"
LAND: Final = "land"
"""The step whose configuration names the days of a range."""


class ReleaseDays(dg.Config):
    """The release days of a run over a range; a run of one partition needs none.

    A range is not given as a range of partitions: Dagster then plans every asset of the run for every day, models
    included, at some 10 ms each, a quarter of an hour for three years of days.
    """

    first_day: str = ""
    last_day: str = ""
    recheck: bool = True
    """Also ask the source for days that are loaded already."""

    @classmethod
    def of(cls, first: date, last: date, *, recheck: bool) -> "ReleaseDays":
        """The configuration of a run over `first` to `last`."""
        return cls(first_day=first.isoformat(), last_day=last.isoformat(), recheck=recheck)


def is_sample(settings: Settings) -> bool:
    """Whether the source is the embedded sample, whose days are fixed and may be later than today."""
    return urlsplit(settings.source_url).scheme == "sample"


def today(settings: Settings) -> date:
    """The current day in the time zone of the settings."""
    return datetime.now(ZoneInfo(settings.timezone)).date()


def first_day(settings: Settings) -> date:
    """The first possible release day."""
    if settings.first_release_date is not None:
        return settings.first_release_date
    return FIRST_RELEASE if is_sample(settings) else date(2018, 1, 1)


def last_day(settings: Settings) -> date:
    """The last possible release day: today, or the sample's last day if that is later."""
    return max(today(settings), LAST_RELEASE) if is_sample(settings) else today(settings)


def release_partitions(settings: Settings) -> dg.DailyPartitionsDefinition:
    """One partition a release day.

    The definition is made when the code location loads; `end_offset` counts from the clock, so days continue to grow.
    """
    ahead = (last_day(settings) - today(settings)).days
    return dg.DailyPartitionsDefinition(
        start_date=datetime.combine(first_day(settings), datetime.min.time()),
        timezone=settings.timezone,
        end_offset=ahead + 1,
    )


def week_partitions(settings: Settings) -> dg.WeeklyPartitionsDefinition:
    """One partition a week, named by its Monday, from the first whole week of releases on."""
    ahead = (week_of(last_day(settings)).monday - week_of(today(settings)).monday).days // 7
    first = week_of(first_day(settings) + timedelta(days=6)).monday
    return dg.WeeklyPartitionsDefinition(
        start_date=datetime.combine(first, datetime.min.time()),
        day_offset=1,
        timezone=settings.timezone,
        end_offset=ahead,
    )


def run_days(run: dg.DagsterRun) -> list[date]:
    """The release days of a run, in order: of its partition, its configuration or its range of partitions."""
    run_config: Mapping[str, Any] = run.run_config
    config = run_config.get("ops", {}).get(LAND, {}).get("config", {})
    if PARTITION_TAG in run.tags:
        return [date.fromisoformat(run.tags[PARTITION_TAG])]
    first, last = config.get("first_day"), config.get("last_day")
    if not first:
        first, last = run.tags.get(RANGE_START_TAG), run.tags.get(RANGE_END_TAG)
    return days_between(date.fromisoformat(first), date.fromisoformat(last or first)) if first else []


def run_week(run: dg.DagsterRun) -> Week:
    """The week of a run of the weekly job."""
    return Week(date.fromisoformat(run.tags[PARTITION_TAG]))


def days_between(first: date, last: date) -> list[date]:
    """The days `first` to `last`, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
