"""Customers that a supplier has just lost and won, as far as the records tell.

A customer whose name stops may have left, or may have filed for confidentiality and buy on unnamed. The two are told
apart by volume only: whether the supplier's unnamed volume rose as the name stopped. No bill is ever given a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pipeline.formatting import SHARE, WEEKS
from pipeline.reporting.facts.published_week import Reading, volume_sql
from pipeline.reporting.facts.supplier_past import PAST_WEEKS, QUARTER, YEAR, Weeks
from pipeline.reporting.figures import Figure

RHYTHM_WEEKS: Final = 12
"""Weeks with bills that a rhythm needs, as in `int_pair_rhythm`."""
GAP_QUANTILE: Final = 0.99
"""A customer is silent when it is past this quantile of its own gaps (METRICS)."""
LEAST_SILENT: Final = 4
"""Weeks under which no silence is told, however regular a customer was: a ship is late by so much."""
JUST: Final = 26
"""Weeks within which a move is `just`."""
LOST_FROM: Final = 0.03
"""Share of the supplier's volume that a customer had in the year up to its last bill, from which its loss matters: the
cut of tier C."""
WON_FROM: Final = 0.10
"""Share of the last 13 weeks from which a new customer is told (METRICS, `customer_won`)."""
AWAY: Final = 52
"""Weeks without its name after which a customer that shows again is `back`."""
COVERED: Final = 0.5
"""Part of the customer's volume that unnamed volume must have risen by to say that it may have gone dark."""
NOT_COVERED: Final = 0.2
"""Under this part it has left, as far as the records show; in between nothing is said."""
STOPPED: Final = ("left", "may_be_dark", "unclear")
"""Kinds of moves in which a name stopped."""
MOST: Final = 5
"""Customers that are told of each kind."""


@dataclass(frozen=True)
class Move:
    """A customer whose name stopped, began or came back.

    Attributes:
        kind: `left`, `may_be_dark`, `unclear`, `won`, `back`.
        consignee_id: the customer.
        name: its name.
        since: Monday of its last week with bills (name stopped) or of its first (won, back).
        silent_weeks: weeks without a bill up to now (name stopped) or before it came back.
        share: of the supplier's volume: in the year up to its last bill, or in the last 13 weeks.
        weekly: its volume a week in that time.
        unnamed_change: change of the supplier's unnamed volume a week since then.
        covered: that change as a part of the customer's weekly volume (a fall counts for a customer that is back).
    """

    kind: str
    consignee_id: str
    name: str
    since: date
    silent_weeks: Figure
    share: Figure
    weekly: Figure
    unnamed_change: Figure
    covered: Figure


def moves_of(reading: Reading, supplier_id: str, unit: str, weeks: Weeks) -> tuple[Move, ...]:
    """Moves of the last half year, the largest of each kind first.

    Args:
        reading: the week.
        supplier_id: the supplier.
        unit: of its volumes.
        weeks: its weeks (`supplier_past.read_weeks`).
    """
    first, last = reading.window(PAST_WEEKS)
    rows = reading.rows(
        _CUSTOMERS.format(volume=volume_sql(unit)), [supplier_id, first, last, GAP_QUANTILE, AWAY, YEAR, QUARTER]
    )
    found = [move for row in rows if (move := _judged(row, weeks, unit, reading)) is not None]
    stopped = [move for move in found if move.kind in STOPPED]
    begun = [move for move in found if move.kind in ("won", "back")]
    return tuple(
        move
        for group in (stopped, begun)
        for move in sorted(group, key=lambda move: (-(move.share.value or 0), move.consignee_id))[:MOST]
    )


def _judged(row: dict[str, Any], weeks: Weeks, unit: str, reading: Reading) -> Move | None:
    silent = (reading.week.monday - row["last"]).days // 7
    long_enough = silent >= LEAST_SILENT and row["weeks"] >= RHYTHM_WEEKS and silent > (row["usual_gap"] or 0)
    if long_enough and silent <= JUST and row["share_before"] >= LOST_FROM:
        change = _unnamed_change(weeks, row["last"], after=True)
        weekly = float(row["volume_before"]) / YEAR
        covered = change / weekly if weekly else 0.0
        kind = "may_be_dark" if covered >= COVERED else "left" if covered <= NOT_COVERED else "unclear"
        return _move(kind, row, row["last"], silent, row["share_before"], weekly, change, covered, unit)
    if silent >= QUARTER or row["share_now"] < WON_FROM:
        return None
    began = row["back_since"] or row["first"]
    if (reading.week.monday - began).days // 7 >= JUST or (
        weeks.mondays and began < weeks.mondays[min(QUARTER, len(weeks.mondays) - 1)]
    ):
        return None
    weekly = float(row["volume_now"]) / max(1, min(QUARTER, (reading.week.monday - began).days // 7 + 1))
    change = _unnamed_change(weeks, began, after=False)
    kind = "back" if row["back_since"] else "won"
    covered = -change / weekly if weekly else 0.0
    return _move(kind, row, began, row["away"] or 0, row["share_now"], weekly, change, covered, unit)


def _move(
    kind: str,
    row: dict[str, Any],
    since: date,
    silent: int,
    share: float,
    weekly: float,
    change: float,
    covered: float,
    unit: str,
) -> Move:
    key, bills = f"moves.{row['consignee_id']}", f"customer.past.{row['consignee_id']}"
    return Move(
        kind=kind,
        consignee_id=row["consignee_id"],
        name=row["name"] or row["consignee_id"],
        since=since,
        silent_weeks=Figure(f"{key}.silent_weeks", silent, WEEKS, bills),
        share=Figure(f"{key}.share", share, SHARE, bills),
        weekly=Figure(f"{key}.weekly", weekly, unit, bills),
        unnamed_change=Figure(f"{key}.unnamed_change", change, unit, "supplier.unnamed.past"),
        covered=Figure(f"{key}.covered", covered, SHARE, "supplier.unnamed.past"),
    )


def _unnamed_change(weeks: Weeks, at: date, *, after: bool) -> float:
    """Unnamed volume a week since `at` less that of the half year before it.

    Args:
        weeks: of the supplier.
        at: Monday.
        after: whether the week of `at` itself still belongs to the time before.
    """
    place = next((number for number, monday in enumerate(weeks.mondays) if monday >= at), len(weeks.mondays))
    place += 1 if after else 0
    since, before = weeks.unnamed[place:], weeks.unnamed[max(0, place - JUST) : place]
    return (sum(since) / len(since) if since else 0.0) - (sum(before) / len(before) if before else 0.0)


_CUSTOMERS: Final = """
with weekly as (
    select
        consignee_id,
        week_start_date,
        coalesce(sum({volume}), 0) as volume
    from bill
    where supplier_id = $1 and supplier_is_named and week_start_date between $2 and $3 and consignee_is_named
    group by consignee_id, week_start_date
),

spaced as (
    select
        *,
        date_diff('week', lag(week_start_date) over customer, week_start_date) as gap
    from weekly
    window customer as (partition by consignee_id order by week_start_date)
),

customers as (
    select
        consignee_id,
        count(*) as weeks,
        min(week_start_date) as first,
        max(week_start_date) as last,
        quantile_disc(gap, $4) as usual_gap,
        max(case when gap >= $5 then week_start_date end) as back_since,
        arg_max(gap, week_start_date) filter (where gap >= $5) as away
    from spaced
    group by consignee_id
),

all_weeks as (
    select
        week_start_date,
        coalesce(sum({volume}), 0) as volume
    from bill
    where supplier_id = $1 and supplier_is_named and week_start_date between $2 and $3
    group by week_start_date
),

-- the year up to a customer's last week, and the newest quarter
compared as (
    select
        customers.consignee_id,
        coalesce(sum(all_weeks.volume) filter (
            where date_diff('week', all_weeks.week_start_date, customers.last) between 0 and $6 - 1
        ), 0) as all_before,
        coalesce(sum(all_weeks.volume) filter (
            where date_diff('week', all_weeks.week_start_date, cast($3 as date)) < $7
        ), 0) as all_now
    from customers
    cross join all_weeks
    group by customers.consignee_id
),

own as (
    select
        customers.consignee_id,
        sum(weekly.volume) filter (where date_diff('week', weekly.week_start_date, customers.last) < $6)
            as volume_before,
        coalesce(sum(weekly.volume) filter (
            where date_diff('week', weekly.week_start_date, cast($3 as date)) < $7
        ), 0) as volume_now
    from customers
    inner join weekly on customers.consignee_id = weekly.consignee_id
    group by customers.consignee_id
)

select
    customers.*,
    own.volume_before,
    own.volume_now,
    coalesce(cast(own.volume_before as double) / nullif(compared.all_before, 0), 0) as share_before,
    coalesce(cast(own.volume_now as double) / nullif(compared.all_now, 0), 0) as share_now,
    names.consignee_name as name
from customers
inner join compared on customers.consignee_id = compared.consignee_id
inner join own on customers.consignee_id = own.consignee_id
left join dim_consignee as names on customers.consignee_id = names.consignee_id
order by customers.consignee_id
"""
