"""A supplier's last three years, week by week: trend, season, slack.

Volumes are of all its bills, named and unnamed, in the supplier's unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pipeline.formatting import CHANGE, SHARE, WEEKS
from pipeline.reporting.facts.published_week import Reading, Row, volume_sql
from pipeline.reporting.figures import Figure
from pipeline.thresholds import CAPACITY_WEEKS, QUARTER_WEEKS, YEAR_WEEKS, threshold

DOWN: Final = 0.9
"""Part of last year's same quarter under which a quarter is weak beyond its season."""
BUCKET: Final = 4
"""Weeks of one bar of the picture of the past."""
SEASON_YEARS: Final = 2
"""Whole years that a season needs: with one, any large order is a season."""
SEASON_BILLS: Final = 60
"""Bills a year that a season needs: five a month, else one bill makes a month."""
SEASON_FROM: Final = 0.25
"""A month stands out when it is so far from the average, in the same direction in each of the years."""
HUNGRY: Final = threshold("slack_part")
"""Use of the best quarter under which a supplier is hungry (METRICS, `slack_opened`)."""


@dataclass(frozen=True)
class Bucket:
    """Four weeks of the past."""

    start: date
    named: float
    unnamed: float


@dataclass(frozen=True)
class Season:
    """Months that stand out.

    Attributes:
        high, low: month numbers, those farthest from the average first.
        years: over how many years.
        reason: code why it is not known; None where it is, also when no month stands out.
    """

    high: tuple[int, ...]
    low: tuple[int, ...]
    years: int
    reason: str | None


@dataclass(frozen=True)
class Past:
    """A supplier's history in figures.

    Attributes:
        year, year_before, growth: volume of the last 52 weeks and of the 52 before; their ratio less 1.
        quarter, quarter_year_ago: volume of the last 13 weeks, and of the same weeks a year earlier.
        window_weeks: length of the windows of capacity: 13, or 26 or 52 where it ships seldom.
        last_window, best_window: volume of the last and of the best window in three years, which starts at
            `best_start`.
        slack, use: best window less the last one; the last one as a share of the best.
        is_hungry: whether it lacks orders: little use, and less than in the same weeks a year ago, so no season.
        hidden_share: share of the year's volume that names no buyer.
        buckets: four weeks each, oldest first.
    """

    unit: str
    weeks_seen: Figure
    year: Figure
    year_before: Figure
    growth: Figure
    quarter: Figure
    quarter_year_ago: Figure
    window_weeks: int
    last_window: Figure
    best_window: Figure
    best_start: date | None
    slack: Figure
    use: Figure
    is_hungry: bool
    hidden_share: Figure
    buckets: tuple[Bucket, ...]
    season: Season


@dataclass(frozen=True)
class Weeks:
    """Volumes by week, oldest first, one entry a week, weeks without bills with zeros."""

    mondays: tuple[date, ...]
    named: tuple[float, ...]
    unnamed: tuple[float, ...]
    bills: tuple[int, ...]

    @property
    def all(self) -> tuple[float, ...]:
        """Named and unnamed."""
        return tuple(one + other for one, other in zip(self.named, self.unnamed, strict=True))


def read_weeks(reading: Reading, supplier_id: str, unit: str) -> Weeks:
    """The weeks of a supplier since its first bill, 156 at most."""
    first, last = reading.window(CAPACITY_WEEKS)
    rows = reading.rows(
        f"""
        select
            week_start_date as monday,
            count(*) as bills,
            coalesce(sum({volume_sql(unit)}) filter (where consignee_is_named), 0) as named,
            coalesce(sum({volume_sql(unit)}) filter (where not consignee_is_named), 0) as unnamed
        from bill
        where supplier_id = $1 and supplier_is_named and week_start_date between $2 and $3
        group by week_start_date
        """,
        [supplier_id, first, last],
    )
    found = {row["monday"]: row for row in rows}
    start = min(found, default=last + timedelta(weeks=1))
    mondays = tuple(start + timedelta(weeks=number) for number in range((last - start).days // 7 + 1))
    rows_by_week = [found.get(monday) for monday in mondays]
    return Weeks(
        mondays,
        tuple(float(row["named"]) if row else 0.0 for row in rows_by_week),
        tuple(float(row["unnamed"]) if row else 0.0 for row in rows_by_week),
        tuple(int(row["bills"]) if row else 0 for row in rows_by_week),
    )


def past_of(weeks: Weeks, unit: str, capacity: Row | None) -> Past:
    """Trend, season and slack of a supplier.

    Args:
        weeks: of the supplier.
        unit: of its volumes.
        capacity: its row of `fct_supplier_capacity`; None in weeks published before version 0.2.
    """
    seen, volumes = len(weeks.mondays), weeks.all
    year, before = sum(volumes[-YEAR_WEEKS:]), sum(volumes[-2 * YEAR_WEEKS : -YEAR_WEEKS])
    ago = sum(volumes[-YEAR_WEEKS - QUARTER_WEEKS : -YEAR_WEEKS])
    known = capacity if capacity is not None and capacity["volume_unit"] == unit else None
    best, last, window, why = None, None, QUARTER_WEEKS, "not_published"
    if known is not None:
        last, window, why = float(known["last_window"]), window_of(known), "short_history"
        best = None if known["best_window_156w"] is None else float(known["best_window_156w"])
    hidden = sum(weeks.unnamed[-YEAR_WEEKS:]) / year if year else None
    use = last / best if best and last is not None else None

    def figure(name: str, value: float | None, bills: str, reason: str = "short_history", of: str = unit) -> Figure:
        return Figure(f"past.{name}", value, of, bills, None if value is not None else reason)

    two_years, five_quarters = seen >= 2 * YEAR_WEEKS, seen >= YEAR_WEEKS + QUARTER_WEEKS
    return Past(
        unit=unit,
        weeks_seen=figure("weeks_seen", seen, "supplier.past", of=WEEKS),
        year=figure("year", year, "supplier.year"),
        year_before=figure("year_before", before if two_years else None, "supplier.past"),
        growth=figure("growth", year / before - 1 if two_years and before else None, "supplier.past", of=CHANGE),
        quarter=figure("quarter", sum(volumes[-QUARTER_WEEKS:]), "supplier.quarter"),
        quarter_year_ago=figure("quarter_year_ago", ago if five_quarters else None, "supplier.past"),
        window_weeks=window,
        last_window=figure("last_window", last, "supplier.window", why),
        best_window=figure("best_window", best, "supplier.best", why),
        best_start=capacity_start(known) if known is not None and best is not None else None,
        slack=figure("slack", None if best is None or last is None else best - last, "supplier.best", why),
        use=figure("use", use, "supplier.best", why, SHARE),
        is_hungry=use is not None and use < HUNGRY and _is_down(volumes),
        hidden_share=figure("hidden_share", hidden, "supplier.unnamed", "no_bills", SHARE),
        buckets=_buckets(weeks),
        season=season_of(weeks),
    )


def window_of(capacity: Row) -> int:
    """Weeks of the windows of a row of `fct_supplier_capacity`; 13 in weeks published before version 0.3."""
    return int(capacity.get("window_weeks") or QUARTER_WEEKS)


def capacity_start(capacity: Row) -> date:
    """Monday of the best window of a row of `fct_supplier_capacity` that has one."""
    end: date = capacity["best_window_156w_end"]
    return end - timedelta(days=7 * window_of(capacity) - 1)


def _is_down(volumes: Sequence[float]) -> bool:
    """Whether the last quarter brought clearly less than the same weeks a year ago, where these are known."""
    if len(volumes) < YEAR_WEEKS + QUARTER_WEEKS:
        return True
    return sum(volumes[-QUARTER_WEEKS:]) < DOWN * sum(volumes[-YEAR_WEEKS - QUARTER_WEEKS : -YEAR_WEEKS])


def season_of(weeks: Weeks) -> Season:
    """Months that lie far from the average in each of the last whole years.

    A week belongs to the month of its Thursday.
    """
    years = min(len(weeks.mondays) // YEAR_WEEKS, CAPACITY_WEEKS // YEAR_WEEKS)
    if years < SEASON_YEARS:
        return Season((), (), years, "short_history")
    if sum(weeks.bills[-years * YEAR_WEEKS :]) < SEASON_BILLS * years:
        return Season((), (), years, "few_bills")
    indexes = [_month_indexes(weeks, len(weeks.mondays) - YEAR_WEEKS * (years - number)) for number in range(years)]
    middle = {month: sum(index[month] for index in indexes) / years for month in range(1, 13)}
    high = [month for month in middle if all(index[month] >= 1 + SEASON_FROM for index in indexes)]
    low = [month for month in middle if all(index[month] <= 1 - SEASON_FROM for index in indexes)]
    return Season(
        tuple(sorted(high, key=lambda month: -middle[month])),
        tuple(sorted(low, key=lambda month: middle[month])),
        years,
        None,
    )


def _month_indexes(weeks: Weeks, start: int) -> dict[int, float]:
    """Of one year: each month's mean week by the year's mean week."""
    volumes = weeks.all[start : start + YEAR_WEEKS]
    mean = sum(volumes) / YEAR_WEEKS
    months = [(monday + timedelta(days=3)).month for monday in weeks.mondays[start : start + YEAR_WEEKS]]
    indexes = {}
    for month in range(1, 13):
        of_month = [value for value, of in zip(volumes, months, strict=True) if of == month]
        indexes[month] = sum(of_month) / len(of_month) / mean if of_month and mean else 1.0
    return indexes


def _buckets(weeks: Weeks) -> tuple[Bucket, ...]:
    """Whole buckets, counted back from the newest week."""
    starts = range(len(weeks.mondays) % BUCKET, len(weeks.mondays), BUCKET)
    return tuple(
        Bucket(
            weeks.mondays[start], sum(weeks.named[start : start + BUCKET]), sum(weeks.unnamed[start : start + BUCKET])
        )
        for start in starts
    )
