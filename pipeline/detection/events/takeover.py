"""Whether bills without a name, or a new name, rose as one customer fell."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from pipeline.detection.activity import UNNAMED, Activity, Bools, Floats, Ints, Reals
from pipeline.detection.events.silence import LEAST_ACTIVE, THIN_OTHERS
from pipeline.detection.ledger import Ledger
from pipeline.thresholds import YEAR_WEEKS

IN_STEP: Final = 0.5
"""Part of one side's change that the other must make up: half, since both wave by themselves."""
CLEAR_SD: Final = 1.5
"""And so many standard deviations of its usual number."""
SAME_SIZE: Final = 2.0
"""A new name with half to double the volume of the one that ended is taken for the same customer,"""
SAME_SIZE_FEW: Final = 2.0
"""and with so much more by the square root of the independent bills expected, as the first weeks show little."""
WAVE: Final = 0.25
"""Bills without a name wave by themselves, so much of their number: standard deviation over some weeks."""
LEAST_AWAY: Final = 13
"""Weeks without a bill after which a customer can have come back, and"""
AWAY: Final = 7.0
"""how unlikely so long a silence must be by its weeks with bills before, where it lasted less than a year."""
EARLIER: Final = 4
LATER: Final = 6
"""Weeks before and after the last bill of the old name in which the new one must have started."""


class Pace(NamedTuple):
    """What a year lets expect of some weeks.

    Attributes:
        own: bills of the customer.
        unnamed: bills without a name.
        unnamed_now: those there were.
        lumps: variance of the unnamed bills of a week by their mean, in the year.
    """

    own: Floats
    unnamed: Floats
    unnamed_now: Floats
    lumps: Floats


def expected(ledger: Ledger, supplier: Ints, pair: Ints, low: Ints, high: Ints, weeks: Reals) -> Pace:
    """Return what the year before `low` lets expect of the weeks `low` to `high`, of which `weeks` count.

    By the pace of the year, not of the supplier's other customers: of 46 customers that went dark in simulation this
    finds 41 and one or two others (F1 .93), their pace 40 with three to five others (F1 .90).
    """
    start, end = low - YEAR_WEEKS, low - 1
    part = weeks / ledger.seen(supplier, start, end)
    hidden = ledger.unnamed_pair(supplier)
    return Pace(
        ledger.customer(pair, start, end) * part,
        ledger.customer(hidden, start, end) * part,
        ledger.customer(hidden, low, high),
        ledger.lumps(hidden, start, end),
    )


def due(ledger: Ledger, supplier: Ints, old: Ints, new: Ints, year_end: Ints, low: Ints, high: Ints) -> Floats:
    """Bills that customer `old` would have in the weeks `low` to `high` by the pace of all others but `new`."""
    start = year_end - YEAR_WEEKS + 1
    own = ledger.customer(old, start, year_end)
    others = ledger.supplier(supplier, start, year_end) - own - ledger.unnamed(supplier, start, year_end)
    now = ledger.supplier(supplier, low, high) - ledger.unnamed(supplier, low, high)
    now -= ledger.customer(old, low, high) + ledger.customer(new, low, high)
    weeks = (high - low + 1) / ledger.seen(supplier, start, year_end)
    return np.asarray(
        own
        * np.where(others >= THIN_OTHERS * ledger.seen(supplier, start, year_end), now / np.maximum(others, 1), weeks)
    )


def risen(pace: Pace) -> Bools:
    """Unnamed bills rose as the customer fell, be it by chance."""
    return np.asarray(pace.unnamed_now - pace.unnamed >= IN_STEP * pace.own)


def hides(pace: Pace) -> Bools:
    """Unnamed bills rose as the customer fell, further than they do by themselves."""
    return risen(pace) & (pace.unnamed_now - pace.unnamed >= _wave(pace.unnamed, pace.lumps))


def was_hidden(pace: Pace, came: Floats) -> Bools:
    """Unnamed bills fell as the customer came, further than they do by themselves."""
    fallen = pace.unnamed - pace.unnamed_now
    return np.asarray((fallen >= IN_STEP * came) & (fallen >= _wave(pace.unnamed_now, pace.lumps)))


def _wave(bills: Floats, lumps: Floats) -> Floats:
    """How far so many bills rise or fall by themselves, at most: the smaller of the two numbers is their usual one."""
    return np.asarray(CLEAR_SD * np.sqrt(lumps * bills + (WAVE * bills) ** 2))


class Starts(NamedTuple):
    """Customers' newest beginnings: first week of all, or after a silence of a year or a surprising one.

    Attributes:
        first: per pair, its first week of all.
        run: per pair, the first week since its newest such silence.
        last_before: per pair, its last week before that silence; -1 where there was none.
        missed: per pair, how unlikely that silence was, by its weeks with bills before; 0 where they were few.
    """

    first: Ints
    run: Ints
    last_before: Ints
    missed: Floats


def starts(activity: Activity) -> Starts:
    """Beginnings of all pairs."""
    pairs = len(activity.pair_supplier)
    begins = np.searchsorted(activity.pair, np.arange(pairs))
    first = activity.week[begins] if pairs else activity.week
    gap = np.diff(activity.week, prepend=0)
    gap[begins] = YEAR_WEEKS + 1
    rows = np.flatnonzero(gap >= LEAST_AWAY)
    of = activity.pair[rows]
    seen = np.maximum(activity.week[rows - 1] - first[of] + 1, 1)
    part = np.clip((rows - begins[of]) / (seen + 1), 0, 1 - 1e-9)
    unlikely = np.where(rows - begins[of] >= LEAST_ACTIVE, -np.log1p(-part) * gap[rows], 0)
    is_start = (gap[rows] > YEAR_WEEKS) | (unlikely >= AWAY)
    rows, of, unlikely = rows[is_start], of[is_start], unlikely[is_start]
    # Rows are in order: of several runs of a pair the last one stays.
    run, missed = np.zeros(pairs, dtype=np.int64), np.zeros(pairs)
    run[of] = activity.week[rows]
    last_before = np.full(pairs, -1)
    last_before[of] = np.where(rows > begins[of], activity.week[rows - 1], -1)
    missed[of] = np.where(rows > begins[of], unlikely, 0)
    return Starts(first, run, last_before, missed)


def renamed(
    activity: Activity,
    ledger: Ledger,
    began: Starts,
    old: Ints,
    last: Ints,
    at: int,
) -> Ints:
    """Per ended customer, a pair of its supplier that began as it ended and has its size; -1.

    Args:
        activity: all rows.
        ledger: its sums.
        began: beginnings of all pairs.
        old: pairs that ended.
        last: their last weeks.
        at: the evaluated week.
    """
    if not len(old):
        return np.zeros(0, dtype=np.int64)
    supplier = activity.pair_supplier[old]
    low = np.searchsorted(activity.pair_supplier, supplier, side="left")
    high = np.searchsorted(activity.pair_supplier, supplier, side="right")
    row = np.repeat(np.arange(len(old)), high - low)
    new = np.arange(len(row)) - np.repeat(np.cumsum(high - low) - (high - low), high - low) + low[row]
    first = began.first[new]
    near = (first >= last[row] - EARLIER) & (first <= np.minimum(last[row] + LATER, at)) & (new != old[row])
    near &= (activity.pair_consignee[new] != UNNAMED) & (first >= YEAR_WEEKS // 2)
    row, new, first = row[near], new[near], first[near]
    ends = np.full(len(row), at)
    missing = due(ledger, supplier[row], old[row], new, np.minimum(last[row], first - 1), first, ends)
    ratio = ledger.customer(new, first, ends) / np.maximum(missing, 1e-9)
    lumps = ledger.lumps(old[row], last[row] - YEAR_WEEKS + 1, last[row])
    most = SAME_SIZE + SAME_SIZE_FEW * np.sqrt(lumps / np.maximum(missing, 1))
    fits = (ratio >= 1 / most) & (ratio <= most)
    found = np.full(len(old), -1, dtype=np.int64)
    found[row[fits]] = new[fits]
    return found
