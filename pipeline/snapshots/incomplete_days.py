"""Weeks that lack records because a release day is waived, and what part: detection expects that much less of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from pipeline.settings import Settings
from pipeline.snapshots.calendar import Week, judge
from pipeline.snapshots.inputs import read_release_state
from pipeline.warehouse.cutoff import AsOf

EPOCH: Final = date(1970, 1, 5)
"""Monday of week 0, as in the macro `week_number`."""
ARRIVALS_BEFORE: Final = 5
ARRIVALS_AFTER: Final = 1
"""Days around a release day on which the vessels of its bills arrive: nine in ten of the embedded world are published
from a day before to five days after."""
SCHEMA: Final = pa.schema([("week_number", pa.int32()), ("missing_part", pa.float64())])


def incomplete_path(settings: Settings) -> Path:
    """Return the path of the file of incomplete weeks: week_number, missing_part; empty if no day is waived."""
    return settings.home / "weekly" / "incomplete_weeks.parquet"


def write_incomplete(settings: Settings, as_of: AsOf) -> list[int]:
    """Write the weeks that a day waived for this week and cut-off leaves incomplete.

    Returns:
        Their numbers, in order.
    """
    week = Week(as_of.week_start)
    release_state = read_release_state(settings)
    state = judge(week, release_state, (as_of.cut_off - week.sunday).days)
    missing = missing_parts(state.waived, release_state.rhythm.days_a_release)
    numbers = list(missing)
    path = incomplete_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    pq.write_table(pa.table({"week_number": numbers, "missing_part": list(missing.values())}, SCHEMA), unfinished)
    unfinished.replace(path)
    return numbers


def missing_parts(days: Iterable[date], days_a_release: float = 1.0) -> dict[int, float]:
    """Part of a usual week's records that these releases keep back, by week in which their bills arrive, in order.

    A release has the bills of so many days; they arrive evenly over the days around it.
    """
    around = range(-ARRIVALS_BEFORE, ARRIVALS_AFTER + 1)
    missing = Counter(week_number(day + timedelta(days=days_off)) for day in set(days) for days_off in around)
    return {week: min(days_a_release * count / (7 * len(around)), 1.0) for week, count in sorted(missing.items())}


def week_number(day: date) -> int:
    """Number of the week of a day: weeks since that of 5 January 1970."""
    return (day - EPOCH).days // 7
