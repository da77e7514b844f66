"""Weeks that lack records because a release day is waived: no alert is raised from a window that contains one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from pipeline.settings import Settings
from pipeline.snapshots.calendar import Week, judge
from pipeline.snapshots.knowledge import read_knowledge
from pipeline.warehouse.cutoff import AsOf

EPOCH: Final = date(1970, 1, 5)
"""Monday of week 0, as in the macro `week_number`."""
ARRIVALS_BEFORE: Final = 5
ARRIVALS_AFTER: Final = 1
"""Days around a release day on which the vessels of its bills arrive: nine in ten of the embedded world are published
from a day before to five days after."""
SCHEMA: Final = pa.schema([("week_number", pa.int32())])


def incomplete_path(settings: Settings) -> Path:
    """Return the path of the file of incomplete weeks: week_number, in order; empty if no day is waived."""
    return settings.home / "weekly" / "incomplete_weeks.parquet"


def write_incomplete(settings: Settings, as_of: AsOf) -> list[int]:
    """Write the weeks that a day waived for this week and cut-off leaves incomplete.

    Returns:
        Their numbers, in order.
    """
    week = Week(as_of.week_start)
    state = judge(week, read_knowledge(settings), (as_of.cut_off - week.sunday).days)
    numbers = incomplete_weeks(state.waived)
    path = incomplete_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    pq.write_table(pa.table({"week_number": numbers}, SCHEMA), unfinished)
    unfinished.replace(path)
    return numbers


def incomplete_weeks(days: Iterable[date]) -> list[int]:
    """Numbers of the weeks in which bills of these release days arrive."""
    around = range(-ARRIVALS_BEFORE, ARRIVALS_AFTER + 1)
    return sorted({week_number(day + timedelta(days=days_off)) for day in days for days_off in around})


def week_number(day: date) -> int:
    """Number of the week of a day: weeks since that of 5 January 1970."""
    return (day - EPOCH).days // 7
