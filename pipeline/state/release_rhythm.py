"""The days on which a source publishes, learned from those on which it did and did not.

A day counts as missing only where the source's rhythm has a release: on its weekdays, and in a gap of a feed with long
steps where a step is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import Final

from pipeline.settings import WEEKDAYS

LEAST_SILENT: Final = 4
"""Times that a weekday brought nothing before it counts as one without releases: a daily feed that misses the same
weekday four times, and no release on it, has not been seen."""
STRAY_SHARE: Final = 0.05
"""Releases on a weekday, against how often it came, up to which they are strays of a holiday week."""
DENSE_SHARE: Final = 0.6
"""Published part of the days from which every one of them is expected; fewer are steps of several days."""
LEAST_STEPS: Final = 4
STEADY: Final = 0.25
"""Part of the median step by which a steady step may differ: a month has 28 to 31 days."""
STEADY_SHARE: Final = 0.7
"""Steady steps from which a feed has a rhythm; below it is irregular, and only releases that were seen are expected."""


@dataclass(frozen=True)
class Rhythm:
    """When a source publishes.

    Attributes:
        weekdays: the days of the week on which there can be a release, Monday 0.
        step_days: days from one release to the next; 1 where each of these weekdays has one, None where steps are
            irregular.
        published: days on which there was a release, in order.
        silent: days on which there was none.
        keeps_holidays: whether federal holidays have no release.
    """

    weekdays: frozenset[int]
    step_days: int | None
    published: tuple[date, ...]
    silent: frozenset[date]
    keeps_holidays: bool

    @property
    def days_a_release(self) -> float:
        """How many days one release covers."""
        return 7 / len(self.weekdays) if self.step_days == 1 else float(self.step_days or 7)

    def expected(self, first: date, last: date) -> list[date]:
        """Return the days from `first` to `last` on which there is a release, or should have been one."""
        if first > last:
            return []
        span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        if self.step_days == 1:
            days = {day for day in span if day.weekday() in self.weekdays}
            if self.keeps_holidays:
                days -= _holidays(first, last) & self.silent
        else:
            days = {day for day in self._left_out() if first <= day <= last}
        return sorted(days | {day for day in self.published if first <= day <= last})

    def _left_out(self) -> list[date]:
        """Return the days within gaps on which a step should have ended."""
        if self.step_days is None:
            return []
        found = []
        for before, after in pairwise(self.published):
            steps = round((after - before).days / self.step_days)
            found += [before + (after - before) * number / steps for number in range(1, steps)]
        newest = max(self.silent, default=self.published[-1])
        following = self.published[-1] + timedelta(days=round(self.step_days * (1 + STEADY)))
        while following <= newest:
            found.append(following)
            following += timedelta(days=self.step_days)
        return found


def learn_rhythm(published: Collection[date], silent: Collection[date], setting: str = "auto") -> Rhythm:
    """Return the rhythm of a source.

    Args:
        published: days on which there was a release.
        silent: days on which there was none when the source was asked.
        setting: `auto`, `daily`, `irregular`, or weekdays such as `mon,thu`.
    """
    days, quiet = tuple(sorted(set(published))), frozenset(silent) - set(published)
    every = frozenset(range(7))
    if setting == "daily" or not days:
        return Rhythm(every, 1, days, quiet, keeps_holidays=False)
    if setting == "irregular":
        return Rhythm(every, None, days, quiet, keeps_holidays=False)
    if setting != "auto":
        named = frozenset(WEEKDAYS.index(name) for name in setting.split(","))
        return Rhythm(named, 1, days, quiet, keeps_holidays=_keeps_holidays(named))
    come, gone = Counter(day.weekday() for day in days), Counter(day.weekday() for day in quiet)
    idle = {
        weekday
        for weekday in every
        if gone[weekday] >= LEAST_SILENT and come[weekday] <= STRAY_SHARE * (come[weekday] + gone[weekday])
    }
    weekdays = every - idle or every
    came, lacked = sum(come[weekday] for weekday in weekdays), sum(gone[weekday] for weekday in weekdays)
    if came >= DENSE_SHARE * (came + lacked):
        return Rhythm(weekdays, 1, days, quiet, keeps_holidays=_keeps_holidays(weekdays))
    steps = [(after - before).days for before, after in pairwise(days)]
    if len(steps) < LEAST_STEPS:
        return Rhythm(weekdays, 1, days, quiet, keeps_holidays=False)
    usual = median(steps)
    steady = sum(abs(step - usual) <= max(1, STEADY * usual) for step in steps)
    return Rhythm(
        weekdays, round(usual) if steady >= STEADY_SHARE * len(steps) else None, days, quiet, keeps_holidays=False
    )


def _keeps_holidays(weekdays: frozenset[int]) -> bool:
    """Whether a feed of these weekdays follows the office week."""
    return len(weekdays) > 1 and not weekdays & {5, 6}


def _holidays(first: date, last: date) -> set[date]:
    """Return the federal holidays of the United States, as observed."""
    from pandas.tseries.holiday import USFederalHolidayCalendar  # costs half a second

    return {day.date() for day in USFederalHolidayCalendar().holidays(first.isoformat(), last.isoformat())}
