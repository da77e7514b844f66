"""Days and weeks of the sample world: week numbers, seasons, the New Year stops."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np

from simulator.basis.draws import Floats, Ints
from simulator.names.texts import Text, pool

_FIRST_MONDAY: Final = 4
"""1970-01-05 as days since 1970-01-01; weeks are numbered from it."""

NEW_YEARS: Final = (
    date(2017, 1, 28),
    date(2018, 2, 16),
    date(2019, 2, 5),
    date(2020, 1, 25),
    date(2021, 2, 12),
    date(2022, 2, 1),
    date(2023, 1, 22),
    date(2024, 2, 10),
    date(2025, 1, 29),
    date(2026, 2, 17),
    date(2027, 2, 6),
    date(2028, 1, 26),
    date(2029, 2, 13),
    date(2030, 2, 3),
)
"""Chinese New Year, public calendar."""
SAILING_DAYS: Final = 28
"""Factories stop at the New Year; the gap arrives in the United States some four weeks later."""
STOP_DAYS: Final = 11
"""Half the length of the stop, as seen in arrivals."""
STOPPED_LEVEL: Final = 0.08


def ordinal(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


def from_ordinal(day: int) -> date:
    """The date of `ordinal`."""
    return date(1970, 1, 1) + timedelta(days=int(day))


def week_of(day: int) -> int:
    """Number of the week (from Monday) that contains the day `ordinal`."""
    return (day - _FIRST_MONDAY) // 7


def monday_of(week: int) -> int:
    """Ordinal of the Monday of a week."""
    return _FIRST_MONDAY + 7 * week


class DayTexts:
    """Texts of the days of a span, looked up by ordinal."""

    def __init__(self, first: int, last: int) -> None:
        """Make the texts of `first`..`last`, both included."""
        days = np.arange(first, last + 1).astype("datetime64[D]").astype(str).tolist()
        self._first = first
        self._dashed = pool(days)
        self._compact = pool([day.replace("-", "") for day in days])

    def dashed(self, days: Ints) -> Text:
        """`2026-11-02`."""
        return self._dashed.take(days - self._first)

    def compact(self, days: Ints) -> Text:
        """`20261102`."""
        return self._compact.take(days - self._first)


def new_year_level(week: int) -> float:
    """Activity of sources that stop at Chinese New Year, for arrivals in a week."""
    middle = monday_of(week) + 3
    for day in NEW_YEARS:
        if abs(middle - ordinal(day) - SAILING_DAYS) <= STOP_DAYS:
            return STOPPED_LEVEL
    return 1.0


def season(week: int, peak_day: Ints, depth: Floats) -> Floats:
    """Yearly wave around 1: highest `peak_day` days after 1 January, `depth` above and below."""
    angle = 2 * np.pi * (monday_of(week) + 3 - peak_day) / 365.25
    wave: Floats = 1 + depth * np.cos(angle)
    return wave
