"""Customers that began: `customer_won`, or `resurfaced` where bills without a name fell in step.

A customer that is back after more than a year has resurfaced too; it is worth an alert only where it shipped often
enough before to be missed. What is too thin for an alert is an event all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.detection import findings
from pipeline.detection.activity import UNNAMED, Activity, Bools, Ints
from pipeline.detection.bounds import share_bounds
from pipeline.detection.events.gaps import USUAL_STEADY
from pipeline.detection.events.silence import THIN_OTHERS, Silences
from pipeline.detection.events.takeover import Starts, expected, renamed, was_hidden
from pipeline.detection.findings import CUSTOMER_WON, RESURFACED, RULE, WON
from pipeline.detection.ledger import Ledger
from pipeline.thresholds import YEAR_WEEKS, threshold

WINDOW: Final = 13
NEW_WEEKS: Final = 26
"""A customer is new for half a year: a slow starter may need so long to reach the share."""
LEAST_SHARE: Final = threshold("won_share")
HOLD_SHARE: Final = LEAST_SHARE * 4 / 5
"""A fifth under the line, as tiers."""
LEAST_LOW: Final = 0.07
"""Lower sampling bound of the share: one large booking is no customer won. At 0.06 a fifth of the customers won at
suppliers of 57 bills a window took less than 5 % in the long run, at 0.07 one in thirteen; new customers of 15 and
30 % are found as often."""
HOLD_LOW: Final = 0.056
LEAST_WEEKS: Final = 3
"""Weeks with bills: two orders may be a trial."""
LEAST_BEFORE: Final = 12
"""Bills of the supplier in the year before, under which everybody is new."""
ABSENT: Final = 6.0
"""How unlikely it must be, at the pace since, that a customer had no bill before it began: fewer weeks than a year of
records show that one is new."""
LONG_AWAY: Final = 13.0
"""How unlikely a silence must have been for its end to be news: a customer of bursts pauses by itself; and"""
HIDDEN_AWAY: Final = 7.0
"""where bills without a name fell in step."""
LEAST_PAST: Final = 13
"""Weeks from the supplier's first bill in which everybody is new, for an event below the alert threshold too."""


def found(
    activity: Activity, ledger: Ledger, began: Starts, silent: Silences, weeks: Sequence[int], history: int
) -> pa.Table:
    """Findings of new customers at `weeks`, of the newest week also events too thin for an alert.

    Args:
        activity: all rows.
        ledger: its sums.
        began: beginnings of all pairs.
        silent: silences that are worth an alert.
        weeks: indexes of the evaluated weeks, in the order of `silent.weeks_at`.
        history: index of the first week with data.
    """
    return findings.concat(
        [_found_at(activity, ledger, began, silent, column, week, history) for column, week in enumerate(weeks)]
    )


def _found_at(
    activity: Activity, ledger: Ledger, began: Starts, silent: Silences, column: int, week: int, history: int
) -> pa.Table:
    is_newest = week == activity.weeks - 1
    is_complete = not activity.lacks(np.array(week - WINDOW + 1), np.array(week))
    if not (is_newest or is_complete):
        return findings.empty()
    recent = (activity.week > week - WINDOW) & (activity.week <= week)
    active_weeks = np.bincount(activity.pair[recent], minlength=len(activity.pair_supplier))
    is_new = (began.run > week - NEW_WEEKS) & (began.run <= week) & (activity.pair_consignee != UNNAMED)
    pair = np.flatnonzero(is_new & (active_weeks > 0))
    bills = ledger.customer(pair, *_weeks(pair, week))
    all_ = ledger.supplier(activity.pair_supplier[pair], *_weeks(pair, week))
    share = bills / np.maximum(all_, 1)
    rows = np.flatnonzero(share >= HOLD_SHARE)
    pair, bills, all_, share = pair[rows], bills[rows], all_[rows], share[rows]
    supplier, run = activity.pair_supplier[pair], began.run[pair]
    start, ends = _weeks(pair, week)
    low, high = share_bounds(share, all_, ledger.phi(supplier, start, ends))
    before = ledger.supplier(supplier, run - YEAR_WEEKS, run - 1)
    holds = (low >= HOLD_LOW) & (before >= LEAST_BEFORE) & is_complete
    holds &= (active_weeks[pair] >= LEAST_WEEKS) & _was_away(
        ledger, began, pair, supplier, active_weeks[pair], week, history
    )
    is_event = (share >= LEAST_SHARE) & (run - _first_weeks(activity, began)[supplier] >= LEAST_PAST) & is_newest
    rows = np.flatnonzero(holds | is_event)
    pair, supplier, run = pair[rows], supplier[rows], run[rows]
    bills, share, low, high = bills[rows], share[rows], low[rows], high[rows]
    start, ends, holds, is_event = start[rows], ends[rows], holds[rows], is_event[rows]
    pace = expected(ledger, supplier, pair, run, ends, ends - run + 1.0)
    known = began.first[pair] < run
    brought = ledger.customer(pair, run, ends)
    hidden = was_hidden(pace, brought)
    back = known | hidden
    moved = _took_over(activity, ledger, began, silent, column, week, pair)
    fires = holds & (share >= LEAST_SHARE) & (low >= LEAST_LOW) & ~moved
    fires &= ~known | (began.missed[pair] >= np.where(hidden, HIDDEN_AWAY, LONG_AWAY))
    first = activity.first_week
    unnamed = ledger.unnamed(supplier, start, ends)
    return findings.of_pairs(
        activity,
        pair,
        week,
        {
            "alert_type": pa.array(np.where(back, RESURFACED, CUSTOMER_WON).tolist(), pa.string()),
            "before_start": first + np.maximum(start - YEAR_WEEKS, 0),
            "before_end": first + start - 1,
            "window_start": first + start,
            "began": first + run,
            "from_value": 0.0,
            "to_value": share,
            "effect": 100 * share,
            "effect_low": 100 * low,
            "effect_high": 100 * high,
            "bills_before": 0.0,
            "bills_after": bills / WINDOW,
            "certainty": RULE,
            "fires": fires,
            "holds": holds,
            "coverage": 1 - unnamed / np.maximum(ledger.supplier(supplier, start, ends), 1),
            "alternative_explanation": pa.array(np.where(moved, "renamed", "").tolist(), pa.string()),
            "event": pa.array(np.where(back, RESURFACED, WON).tolist(), pa.string(), mask=~(fires | is_event) | moved),
            "customer_bills": brought,
            "unnamed_change": pace.unnamed_now - pace.unnamed,
        },
    )


def _weeks(pair: Ints, week: int) -> tuple[Ints, Ints]:
    """First and last week of the window, for each pair."""
    return np.full(len(pair), week - WINDOW + 1), np.full(len(pair), week)


def _was_away(
    ledger: Ledger, began: Starts, pair: Ints, supplier: Ints, active: Ints, week: int, history: int
) -> Bools:
    """Whether the weeks before a beginning show that the customer was not there, though the supplier shipped."""
    run, last = began.run[pair], began.last_before[pair]
    away_from = np.maximum(np.where(last >= 0, last + 1, history), run - YEAR_WEEKS)
    weeks = ledger.seen(supplier, away_from, run - 1) * (run > away_from)
    # The week that made it a beginning had a bill by choice.
    orders = np.maximum(active - 1, 0.5)
    pace = -np.log1p(-np.clip(orders / np.maximum(np.minimum(week - run, WINDOW), 1), 0, 0.95))
    known = USUAL_STEADY * orders
    shipped = ledger.supplier(supplier, away_from, run - 1)
    before = ledger.supplier(supplier, away_from - YEAR_WEEKS, away_from - 1)
    usual = before / ledger.seen(supplier, away_from - YEAR_WEEKS, away_from - 1)
    went_on = (last < 0) | (usual < THIN_OTHERS) | (shipped >= usual * weeks / 2)
    return np.asarray((weeks >= LEAST_PAST) & (known * np.log1p(pace * weeks / known) >= ABSENT) & went_on)


def _first_weeks(activity: Activity, began: Starts) -> Ints:
    """By supplier, the week of its first bill."""
    begin = np.flatnonzero(np.r_[True, activity.pair_supplier[1:] != activity.pair_supplier[:-1]])
    out = np.zeros(len(activity.suppliers), dtype=np.int64)
    out[activity.pair_supplier[begin]] = np.minimum.reduceat(began.first, begin)
    return out


def _took_over(
    activity: Activity, ledger: Ledger, began: Starts, silent: Silences, column: int, week: int, pair: Ints
) -> Bools:
    """Whether a customer with a share fell silent as the new one began, with the same size."""
    of = np.isin(activity.pair_supplier[silent.pair], activity.pair_supplier[pair])
    gone = silent.take(np.flatnonzero(of & (silent.weeks_at[:, column] > 0)))
    return np.isin(pair, renamed(activity, ledger, began, gone.pair, gone.last, week))
