"""How long customers have been silent, and how unlikely that is: in weeks in which the supplier's others did ship.

A silence counts as far as the supplier's other customers shipped as usual in it, so a stop over the New Year is none.
How unlikely it is: -log of the chance of so long a gap (`gaps`). What a value is worth is learnt from silences of the
past that ended (`lost`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pipeline.detection.activity import MOST_MISSING, UNNAMED, Activity, Ints, Reals
from pipeline.detection.events.gaps import Gaps, Rhythm, pool
from pipeline.thresholds import YEAR_WEEKS, threshold

LEAST_ACTIVE: Final = 5
"""Weeks with bills in the year before a silence, under which a customer has no rhythm."""
LEAST_SEEN: Final = 8
"""Weeks from a customer's first bill to its last, under which its rhythm is not known."""
LEAST_SHARE: Final = 0.05
"""Share of the supplier's bills in that year, under which a loss is no alert (the effect floor)."""
EVENT_SHARE: Final = threshold("tier_c_share")
"""Share in that year, under which it is not said whether a silent customer is lost: a customer below tier C."""
LEAST_SILENT: Final = 4
"""Weeks under which a silence below the alert threshold is not called a loss: a ship is late by so much."""
THIN_OTHERS: Final = 2.0
"""Bills a week of the other customers under which they do not show whether the supplier ships."""
USUAL_LUMPS: Final = 6.0
"""Bookings of the others that count for their usual pace: a few of them in some weeks show no slack season."""
CHUNK_PAIRS: Final = 60_000
"""Some 300 MB at a time."""
SAMPLE: Final = 20_000
"""Gaps of the past from which regularity is learnt."""


@dataclass(frozen=True)
class Silences:
    """Silences of customers with a rhythm and a share: those longer than any before, and those that last on.

    Attributes:
        pair: its pair.
        last: the last week with bills before it.
        until: the last week of the silence: the one before the next bill, or the last week of all.
        ended: whether a bill came after it.
        weeks: how many weeks of it count.
        worth: how unlikely it is, over its whole length.
        own_longest: weeks that counted in the longest earlier silence of the same customer.
        share: of the supplier's bills in the year up to `last`.
        rate: bills a week in that year.
        phi: bills that come together: sum of squares by sum, in that year.
        pace: what its gaps let expect, by one week.
        regular: how regular its gaps are.
        known: independent gaps behind the pace.
        weeks_at: per evaluated week, weeks that count by then, (silences, weeks); 0 where it is not silent then, or
            where too many records are missing since.
    """

    pair: Ints
    last: Ints
    until: Ints
    ended: npt.NDArray[np.bool_]
    weeks: Reals
    worth: Reals
    own_longest: Reals
    share: Reals
    rate: Reals
    phi: Reals
    pace: Reals
    regular: Reals
    known: Reals
    weeks_at: Reals

    def reached(self, column: int, part: Reals | None = None) -> Reals:
        """How unlikely each is by an evaluated week, or after a part of its weeks; 0 where it is not silent then."""
        counted = self.weeks_at[:, column] if part is None else self.weeks_at[:, column] * part
        rows = np.flatnonzero(counted > 0)
        rhythm = Rhythm(*(each[rows].astype(np.float64) for each in (self.pace, self.regular, self.known)))
        out = np.zeros(len(self.pair))
        out[rows] = rhythm.unlikely(counted[rows])
        return out

    def take(self, rows: Ints) -> Silences:
        """Some of them."""
        return Silences(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def silences(activity: Activity, at: Sequence[int]) -> Silences:
    """Return the silences up to the newest week; `at` are the indexes of the evaluated weeks."""
    total = np.zeros((len(activity.suppliers), activity.weeks), dtype=np.float32)
    rows_supplier = activity.pair_supplier[activity.pair]
    np.add.at(total, (rows_supplier, activity.week), activity.bills.astype(np.float32))
    pairs = len(activity.pair_supplier)
    seen = np.bincount(activity.pair, minlength=pairs)
    kept = (activity.pair_consignee != UNNAMED) & (seen >= LEAST_ACTIVE)
    pairs_kept = np.flatnonzero(kept)
    chunks = max(-(-len(pairs_kept) // CHUNK_PAIRS), 1)
    parts = [_of(activity, total, part, at, SAMPLE // chunks) for part in np.array_split(pairs_kept, chunks)]
    found = {name: np.concatenate([part[0][name] for part in parts]) for name in parts[0][0]}
    gaps, sample = (
        Gaps(*(np.concatenate([getattr(part[index], name) for part in parts]) for name in Gaps.__dataclass_fields__))
        for index in (1, 2)
    )
    rhythm = pool(sample).rhythm(gaps)
    found["worth"] = rhythm.unlikely(found["weeks"])
    return Silences(**found, pace=rhythm.rate, regular=rhythm.regular, known=rhythm.known)


def _of(
    activity: Activity, total: Reals, pairs_kept: Ints, at: Sequence[int], most: int
) -> tuple[dict[str, npt.NDArray[Any]], Gaps, Gaps]:
    """Return the silences of some pairs without their rhythm, their gaps, and a sample of gaps that ended."""
    weeks = activity.weeks
    bills = np.zeros((len(pairs_kept), weeks), dtype=np.float32)
    low = np.searchsorted(activity.pair, pairs_kept, side="left")
    high = np.searchsorted(activity.pair, pairs_kept, side="right")
    lengths = high - low
    rows = np.repeat(low - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
    bills[np.repeat(np.arange(len(pairs_kept)), lengths), activity.week[rows]] = activity.bills[rows]
    all_ = total[activity.pair_supplier[pairs_kept]]
    active, others = bills > 0, all_ - bills
    exposed = np.broadcast_to((1 - activity.missing).astype(np.float32), bills.shape).copy()
    exposed[active] = 1

    def run(values: npt.NDArray[np.generic]) -> Reals:
        out = np.zeros((len(pairs_kept), weeks + 1), dtype=np.float32)
        np.cumsum(values, axis=1, dtype=np.float32, out=out[:, 1:])
        return out

    counts, run_active = run(exposed), run(active)
    row, last = np.nonzero(active)
    following = np.r_[row[1:], -1] == row
    until = np.where(following, np.r_[last[1:], 0], weeks) - 1
    pace = _pace(run(others), run(others**2), row, last)
    length = (counts[row, until + 1] - counts[row, last + 1]) * pace(until)
    own_longest = _running_max(length, row)
    first = last[np.searchsorted(row, np.arange(len(pairs_kept)))] if len(row) else last
    year = np.maximum(np.maximum(last + 1 - YEAR_WEEKS, 0), first[row])
    was_active = run_active[row, last + 1] - run_active[row, year]
    own, squares, everyone = run(bills), run(bills**2), run(all_)
    took = own[row, last + 1] - own[row, year]
    span = np.maximum(last + 1 - year, 1)
    share = took / np.maximum(everyone[row, last + 1] - everyone[row, np.maximum(last + 1 - YEAR_WEEKS, 0)], 1)
    enough = (was_active >= LEAST_ACTIVE) & (last - first[row] >= LEAST_SEEN)
    kept = ((length > own_longest) | ~following) & (until > last) & enough & (share >= EVENT_SHARE)
    gaps = _gaps(length, was_active)
    settled = np.flatnonzero(following & enough & (last < weeks - YEAR_WEEKS // 4))
    sample = settled[:: max(len(settled) // max(most, 1), 1)]
    bad = np.maximum.accumulate(np.where(activity.missing > MOST_MISSING, np.arange(weeks), -1))
    weeks_at = np.zeros((int(kept.sum()), len(at)), dtype=np.float32)
    for column, week in enumerate(at):
        silent = (last[kept] < week) & (until[kept] >= week)
        lacks = activity.lacks(last[kept] + 1, np.full(int(kept.sum()), week))
        since = np.minimum(np.where(lacks, np.maximum(last[kept], bad[week]), last[kept]) + 1, week + 1)
        counted = counts[row[kept], week + 1] - counts[row[kept], since]
        weeks_at[:, column] = np.where(silent, counted * pace(np.full(len(row), week))[kept], 0)
    found = {
        "pair": pairs_kept[row[kept]],
        "last": last[kept],
        "until": until[kept],
        "ended": following[kept],
        "weeks": length[kept],
        "own_longest": own_longest[kept],
        "share": share[kept],
        "rate": (took / span)[kept],
        "phi": ((squares[row, last + 1] - squares[row, year]) / np.maximum(took, 1))[kept],
        "weeks_at": weeks_at,
    }
    return found, gaps.take(np.flatnonzero(kept)), gaps.take(sample)


def _gaps(length: Reals, active: Reals) -> Gaps:
    """Gaps between the `active` weeks with bills up to each one; `length` is the silence after each, in order."""
    gap = length + 1.0
    run, run_squares = np.r_[0.0, np.cumsum(gap)], np.r_[0.0, np.cumsum(gap**2)]
    at = np.arange(len(length))
    count = np.maximum(active - 1, 0)
    since = at - count.astype(np.int64)
    return Gaps(count, run[at] - run[since], run_squares[at] - run_squares[since], length)


def _pace(run: Reals, run_squares: Reals, row: Ints, last: Ints) -> Callable[[Ints], Reals]:
    """Part of their usual pace at which a supplier's other customers shipped after a customer's last week.

    Args:
        run: running sums of the others' bills, (customers, weeks + 1).
        run_squares: the same of squares.
        row: customer of each silence.
        last: week before each silence.
    """
    start = np.maximum(last + 1 - YEAR_WEEKS, 0)
    year = run[row, last + 1] - run[row, start]
    lumps = np.maximum((run_squares[row, last + 1] - run_squares[row, start]) / np.maximum(year, 1), 1)
    usual = year / np.maximum(last + 1 - start, 1)

    def pace(until: Ints) -> Reals:
        end = np.maximum(until, last) + 1
        due = usual * (end - last - 1)
        came = run[row, end] - run[row, last + 1]
        return np.asarray(np.minimum((came + USUAL_LUMPS * lumps) / (due + USUAL_LUMPS * lumps), 1))

    return pace


def _running_max(value: Reals, group: Ints) -> Reals:
    """Largest value before each row within its group (rows sorted by group); 0 at its first row."""
    if not len(value):
        return value
    step = float(value.max()) + 1
    lifted = value + group * np.float64(step)
    before = np.r_[0.0, np.maximum.accumulate(lifted)[:-1]]
    return np.asarray(np.maximum(before - group * np.float64(step), 0), dtype=np.float32)
