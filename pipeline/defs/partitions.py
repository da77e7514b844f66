"""Release days as Dagster partitions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import dagster as dg

from pipeline.settings import Settings
from simulator import FIRST_RELEASE, LAST_RELEASE

PARTITION_NAME_TAG: Final = "dagster/partition"
RANGE_START_TAG: Final = "dagster/asset_partition_range_start"
RANGE_END_TAG: Final = "dagster/asset_partition_range_end"
FIRST_DAY_TAG: Final = "leverage/first_day"
LAST_DAY_TAG: Final = "leverage/last_day"


RECHECK_TAG: Final = "leverage/recheck"
"""`false` on a run that asks the source only for days that are not loaded yet."""


def is_sample(settings: Settings) -> bool:
    """Whether the source is the embedded sample, whose days are fixed and may lie after today."""
    return urlsplit(settings.source_url).scheme == "sample"


def today(settings: Settings) -> date:
    """The day it is in the time zone of the settings."""
    return datetime.now(ZoneInfo(settings.timezone)).date()


def first_day(settings: Settings) -> date:
    """The first release day there can be."""
    if settings.first_release_date is not None:
        return settings.first_release_date
    return FIRST_RELEASE if is_sample(settings) else date(2018, 1, 1)


def last_day(settings: Settings) -> date:
    """The last release day there can be: today, and with the sample its last day if that is later."""
    return max(today(settings), LAST_RELEASE) if is_sample(settings) else today(settings)


def release_partitions(settings: Settings) -> dg.DailyPartitionsDefinition:
    """One partition a release day, from the first to the last one there can be.

    The definition is made when the code location loads; `end_offset` counts from the clock, so days go on growing.
    """
    ahead = (last_day(settings) - today(settings)).days
    return dg.DailyPartitionsDefinition(
        start_date=datetime.combine(first_day(settings), datetime.min.time()),
        timezone=settings.timezone,
        end_offset=ahead + 1,
    )


def run_days(tags: Mapping[str, str]) -> list[date]:
    """The release days that a run is for, in order; none when it is not for days."""
    if PARTITION_NAME_TAG in tags:
        return [date.fromisoformat(tags[PARTITION_NAME_TAG])]
    for first, last in ((FIRST_DAY_TAG, LAST_DAY_TAG), (RANGE_START_TAG, RANGE_END_TAG)):
        if first in tags:
            return days_between(date.fromisoformat(tags[first]), date.fromisoformat(tags[last]))
    return []


def days_between(first: date, last: date) -> list[date]:
    """The days `first` to `last`, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def day_tags(first: date, last: date) -> dict[str, str]:
    """The tags of a run that this process executes for the days `first` to `last`.

    A range does not carry Dagster's own range tags: with them it plans every asset of the run for every day, models
    included, at some 10 ms each; three years of days took a quarter of an hour before the first byte was fetched.
    """
    if first == last:
        return {PARTITION_NAME_TAG: first.isoformat()}
    return {FIRST_DAY_TAG: first.isoformat(), LAST_DAY_TAG: last.isoformat()}
