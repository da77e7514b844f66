"""ISO weeks, which of them are closed, and why one is not.

A week is closed when the newest run date loaded reaches its cut-off and every release that the source's rhythm has in
the 52 weeks up to it is loaded, or is waived: by rule, few that still lacked when their lateness ran out, or by people
(see `waivers`). An older release that lacks never blocks; it is listed. METRICS: "What blocks a week".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final

from pipeline.errors import NotReadyError, PipelineError, UsageError
from pipeline.state.release_outcomes import Outcome
from pipeline.state.release_rhythm import Rhythm
from pipeline.thresholds import YEAR_WEEKS, threshold
from pipeline.warehouse.cutoff import iso_week

COVERED_SHARE: Final = 0.1
"""A release day that is not loaded itself counts as loaded where a later, cumulative file has brought its records: at
least this share of a usual day. Fewer are strays, such as a bill that arrives a day late; a weekend has some 30 %."""
SHOWN_DAYS: Final = 5
"""Days that one sentence names."""
BY_RULE: Final = "waived by rule"
DAILY_BELOW: Final = 2
"""Days that a release covers, below which a feed is a daily one; it may skip weekends."""


class WeekError(PipelineError):
    """A week cannot be published; the message names the reason."""


class WeekTextError(WeekError, UsageError):
    """A text does not name an ISO week."""


class NotYetError(WeekError, NotReadyError):
    """A week is not over yet; the message names what it waits for."""


@dataclass(frozen=True, order=True)
class Week:
    """An ISO week, by its Monday."""

    monday: date

    @property
    def text(self) -> str:
        """Such as `2026-W46`."""
        return iso_week(self.monday)

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    def cut_off(self, lateness_days: int) -> date:
        """The last run date whose records are known to it."""
        return self.sunday + timedelta(days=lateness_days)

    def before(self, weeks: int) -> Week:
        """The week so many weeks earlier."""
        return Week(self.monday - timedelta(weeks=weeks))

    def __str__(self) -> str:
        """Its text."""
        return self.text


@dataclass(frozen=True)
class ReleaseState:
    """Loaded releases and records that decide whether a week is closed.

    Attributes:
        outcomes: the journal, in its order.
        run_dates: how many records of each run date the warehouse holds.
        waivers: release days that people waived, with their reason.
        rhythm: when the source publishes.
        unbuilt: accepted release days that the warehouse does not hold yet.
    """

    outcomes: Sequence[Outcome]
    run_dates: Mapping[date, int]
    waivers: Mapping[date, str]
    rhythm: Rhythm
    unbuilt: Sequence[date] = ()

    @property
    def newest_run_date(self) -> date | None:
        """None before anything is loaded."""
        return max(self.run_dates, default=None)


@dataclass(frozen=True)
class WeekState:
    """Whether a week is closed, and why not.

    Attributes:
        week: the week.
        cut_off: the last run date known to it.
        fault: in words, why it is not closed; None when it is.
        waived: release days up to the cut-off that are passed over, with the reason of each: waived by rule or by
            people, or older than 52 weeks.
        is_early: whether it is not closed because its records have not come up to the cut-off.
    """

    week: Week
    cut_off: date
    fault: str | None
    waived: dict[date, str]
    is_early: bool = False

    @property
    def closed(self) -> bool:
        """Whether it may be published."""
        return self.fault is None


def parse_week(text: str) -> Week:
    """Return the week of a text such as `2026-W46`.

    Raises:
        WeekTextError: the text names no ISO week.
    """
    found = re.fullmatch(r"((?:19|20)\d{2})-W(\d{2})", text, re.ASCII)  # no bill is older or newer
    try:
        return Week(date.fromisocalendar(int(found[1]), int(found[2]), 1)) if found else _refuse(text)
    except ValueError:
        return _refuse(text)


def week_of(day: date) -> Week:
    """Return the ISO week of `day`."""
    return Week(day - timedelta(days=day.weekday()))


def newest_reached_week(release_state: ReleaseState, lateness_days: int) -> Week | None:
    """Return the newest week whose cut-off the records reach, closed or not; None if there is none."""
    newest = release_state.newest_run_date
    if newest is None:
        return None
    week = week_of(newest - timedelta(days=lateness_days))
    return week if week.cut_off(lateness_days) <= newest else week.before(1)


def newest_closed(release_state: ReleaseState, lateness_days: int) -> WeekState | None:
    """Return the newest closed week among the last year that the records reach; None if there is none."""
    newest = newest_reached_week(release_state, lateness_days)
    if newest is None:
        return None
    states = (judge(newest.before(weeks), release_state, lateness_days) for weeks in range(YEAR_WEEKS + 1))
    return next((state for state in states if state.closed), None)


def judge(week: Week, release_state: ReleaseState, lateness_days: int) -> WeekState:
    """Return whether `week` is closed, and why not."""
    cut_off = week.cut_off(lateness_days)
    newest = release_state.newest_run_date
    if newest is None:
        return WeekState(week, cut_off, f"{week} is not closed: no release is loaded yet", {}, is_early=True)
    if newest < cut_off:
        early = (
            f"{week} is not closed: it waits for records up to {cut_off} (its Sunday and {lateness_days} days for late "
            f"ones), the newest loaded are of {newest}"
        )
        return WeekState(week, cut_off, early, {}, is_early=True)
    first = min((item.release_date for item in release_state.outcomes if item.outcome == "loaded"), default=cut_off)
    if week.monday < first:
        return WeekState(week, cut_off, f"{week} is not closed: history begins after its Monday, with {first}", {})
    missing, waived = _absent(week, cut_off, release_state, lateness_days)
    fault: str | None = None
    if missing:
        count = "1 release day is" if len(missing) == 1 else f"{len(missing)} release days are"
        fault = (
            f"{week} cannot be published: {count} missing up to its cut-off {cut_off}: {listed(missing)}. Load with "
            "`leverage backfill`, or waive a day that will never come with "
            f"`leverage publish --waive {min(missing)} --reason ...`"
        )
    return WeekState(week, cut_off, fault, dict(sorted(waived.items())))


def listed(days: Mapping[date, str]) -> str:
    """Return days and the reason of each as a phrase."""
    shown = [f"{day} ({why})" for day, why in sorted(days.items())]
    more = f" and {len(shown) - SHOWN_DAYS} more" if len(shown) > SHOWN_DAYS else ""
    return ", ".join(shown[:SHOWN_DAYS]) + more


def _absent(
    week: Week, cut_off: date, release_state: ReleaseState, lateness_days: int
) -> tuple[dict[date, str], dict[date, str]]:
    """Return the releases that lack and block the week, and those that are passed over, with the reason of each.

    History begins with the first release loaded. Releases that lack before the 52 weeks are listed: gaps of a pair are
    read over its whole life.
    """
    loaded = {item.release_date for item in release_state.outcomes if item.outcome == "loaded"}
    newest = {item.release_date: item for item in release_state.outcomes}
    least = COVERED_SHARE * median(release_state.run_dates.values())
    covered = {day for day, records in release_state.run_dates.items() if records >= least}
    first = min(loaded, default=cut_off)
    blocking = week.before(YEAR_WEEKS - 1).monday
    missing: dict[date, str] = {}
    waived: dict[date, str] = {}
    late: dict[date, str] = {}
    for day in sorted({*release_state.rhythm.expected(first, cut_off), *release_state.unbuilt}):
        if not first <= day <= cut_off:
            continue
        item = newest.get(day)
        if day in release_state.unbuilt:
            missing[day] = "loaded, but not in the warehouse yet: any `leverage run` builds it"
        elif day in loaded or (day in covered and (item is None or item.outcome == "not_published")):
            continue
        elif day in release_state.waivers:
            waived[day] = f"waived by people: {release_state.waivers[day]}"
        else:
            why, is_late = _explained(day, item, release_state, lateness_days)
            if day < blocking:
                waived[day] = f"before the {YEAR_WEEKS} weeks: {why}"
            else:
                (late if is_late else missing)[day] = why
    for number, (day, why) in enumerate(late.items()):
        if number < allowed_by_rule((cut_off - blocking).days + 1, release_state.rhythm):
            waived[day] = f"{BY_RULE}: {why}"
        else:
            missing[day] = why
    return missing, waived


def allowed_by_rule(days: int, rhythm: Rhythm) -> int:
    """Return how many releases of so many days are waived by rule: a part of the days that releases cover."""
    daily = rhythm.days_a_release < DAILY_BELOW
    least = threshold("waived_releases_daily" if daily else "waived_releases_other")
    return int(max(least, threshold("waived_day_share") * days // rhythm.days_a_release))


def _explained(day: date, item: Outcome | None, release_state: ReleaseState, lateness_days: int) -> tuple[str, bool]:
    """Return why a release lacks, and whether its lateness ran out without it."""
    last_chance = day + timedelta(days=lateness_days)
    if item is None and day not in release_state.rhythm.silent:
        return "never asked for", False
    is_late = (release_state.newest_run_date or day) >= last_chance
    if item is not None and item.outcome != "not_published":
        return f"{item.outcome}: {item.reason or 'no reason given'}", is_late
    if is_late if item is None else date.fromisoformat(item.finished_at[:10]) >= last_chance:
        return f"still unpublished {lateness_days} days later", True
    return f"not published yet, may come until {last_chance}", False


def _refuse(text: str) -> Week:
    raise WeekTextError(f"{text!r} is not an ISO week; give one such as 2026-W46") from None
