"""How long customers have been silent, and how unlikely that is: in weeks in which the supplier's others did ship.

A silence counts as far as the supplier's other customers shipped as usual in it, so a stop over the New Year is none.
How unlikely it is: -log of the chance of so long a gap (`gaps`). What a value is worth is learnt from silences of the
past that ended (`lost`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.detection.activity import MOST_MISSING, UNNAMED, Activity, Floats, Ints, Reals
from pipeline.detection.events.gaps import Gaps, Rhythm, pool
from pipeline.thresholds import YEAR_WEEKS, threshold

LEAST_ACTIVE: Final = 5
"""Weeks with bills in the year before a silence, under which a customer has no rhythm."""
LEAST_SEEN: Final = 8
"""Weeks from a customer's first bill to its last, under which its rhythm is not known."""
LEAST_SHARE: Final = threshold("lost_share")
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
"""Some 100 MB at a time."""
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
    """Return the silences of some pairs without their rhythm, their gaps, and a sample of gaps that ended.

    One entry for each week with bills: the silence after it. Sums over weeks are differences of running sums, of a
    customer over its entries, of a supplier over all weeks.
    """
    weeks = activity.weeks
    is_kept = np.zeros(len(activity.pair_supplier), dtype=bool)
    is_kept[pairs_kept] = True
    rows = np.flatnonzero(is_kept[activity.pair])
    pair, last, bills = activity.pair[rows], activity.week[rows], activity.bills[rows]
    following = np.r_[pair[1:], -1] == pair
    until = np.where(following, np.r_[last[1:], 0], weeks) - 1
    begins = np.flatnonzero(np.r_[True, pair[1:] != pair[:-1]]) if len(pair) else pair
    row = np.repeat(np.arange(len(begins)), np.diff(np.r_[begins, len(pair)]))
    first = last[begins][row]
    start = np.maximum(last + 1 - YEAR_WEEKS, 0)
    place = np.arange(len(pair))
    of_year = np.searchsorted(pair * weeks + last, pair * weeks + start)

    suppliers, supplier = np.unique(activity.pair_supplier[pair], return_inverse=True)
    all_ = total[suppliers].astype(np.float64)
    everyone = _Sums(_run(all_), supplier)
    squares_of_all = _Sums(_run(all_**2), supplier)
    exposed = np.r_[0.0, np.cumsum(1 - activity.missing)]
    own, own_squares = np.r_[0.0, np.cumsum(bills)], np.r_[0.0, np.cumsum(bills**2)]
    # A square of the others' bills is that of all bills less what the customer's own bills bring to it.
    brought = np.r_[0.0, np.cumsum(bills * (2 * all_[supplier, last] - bills))]

    took = (own[place + 1] - own[of_year]).astype(np.float32)
    squares = (own_squares[place + 1] - own_squares[of_year]).astype(np.float32)
    was_active = (place + 1 - of_year).astype(np.float32)
    of_others = (everyone.between(place, start, last + 1) - (own[place + 1] - own[of_year])).astype(np.float32)
    others_squares = squares_of_all.between(place, start, last + 1) - (brought[place + 1] - brought[of_year])
    pace = _pace(everyone, of_others, others_squares.astype(np.float32), last)
    length = (exposed[until + 1] - exposed[last + 1]).astype(np.float32) * pace(place, until)
    own_longest = _running_max(length, row)
    span = np.maximum(last + 1 - np.maximum(start, first), 1)
    share = took / np.maximum(everyone.between(place, start, last + 1).astype(np.float32), 1)
    enough = (was_active >= LEAST_ACTIVE) & (last - first >= LEAST_SEEN)
    gaps = _gaps(length, was_active)
    settled = np.flatnonzero(following & enough & (last < weeks - YEAR_WEEKS // 4))
    sample = settled[:: max(len(settled) // max(most, 1), 1)]
    is_shown = ((length > own_longest) | ~following) & (until > last) & enough & (share >= EVENT_SHARE)
    kept = np.flatnonzero(is_shown)
    bad = np.maximum.accumulate(np.where(activity.missing > MOST_MISSING, np.arange(weeks), -1))
    weeks_at = np.zeros((len(kept), len(at)), dtype=np.float32)
    for column, week in enumerate(at):
        silent = np.flatnonzero((last[kept] < week) & (until[kept] >= week))
        which = kept[silent]
        lacks = activity.lacks(last[which] + 1, np.full(len(which), week))
        since = np.minimum(np.where(lacks, np.maximum(last[which], bad[week]), last[which]) + 1, week + 1)
        counted = (exposed[week + 1] - exposed[since]).astype(np.float32)
        weeks_at[silent, column] = counted * pace(which, np.full(len(which), week))
    found = {
        "pair": pair[kept],
        "last": last[kept],
        "until": until[kept],
        "ended": following[kept],
        "weeks": length[kept],
        "own_longest": own_longest[kept],
        "share": share[kept],
        "rate": (took / span)[kept],
        "phi": (squares / np.maximum(took, 1))[kept],
        "weeks_at": weeks_at,
    }
    return found, gaps.take(kept), gaps.take(sample)


class _Sums(NamedTuple):
    """Running sums of suppliers over weeks, (suppliers, weeks + 1), and the supplier of each entry."""

    run: Floats
    supplier: Ints

    def between(self, entry: Ints, start: Ints, end: Ints) -> Floats:
        """Sums of the suppliers of some entries from the week `start` to the one before `end`."""
        of = self.supplier[entry]
        return np.asarray(self.run[of, end] - self.run[of, start])


def _run(values: Floats) -> Floats:
    out = np.zeros((len(values), values.shape[1] + 1))
    np.cumsum(values, axis=1, out=out[:, 1:])
    return out


def _gaps(length: Reals, active: Reals) -> Gaps:
    """Gaps between the `active` weeks with bills up to each one; `length` is the silence after each, in order."""
    gap = length + 1.0
    run, run_squares = np.r_[0.0, np.cumsum(gap)], np.r_[0.0, np.cumsum(gap**2)]
    at = np.arange(len(length))
    count = np.maximum(active - 1, 0)
    since = at - count.astype(np.int64)
    return Gaps(count, run[at] - run[since], run_squares[at] - run_squares[since], length)


def _pace(everyone: _Sums, year: Reals, squares: Reals, last: Ints) -> Callable[[Ints, Ints], Reals]:
    """Part of their usual pace at which a supplier's other customers shipped in a customer's silence.

    Args:
        everyone: bills of suppliers; in a silence all of them are the others'.
        year: bills of the others in the year before each silence.
        squares: the same of the squares of their weeks.
        last: week before each silence.
    """
    lumps = np.maximum(squares / np.maximum(year, 1), 1)
    usual = year / np.maximum(np.minimum(last + 1, YEAR_WEEKS), 1)

    def pace(entry: Ints, until: Ints) -> Reals:
        """Of some silences, each up to a week in it."""
        due = usual[entry] * (until - last[entry])
        came = everyone.between(entry, last[entry] + 1, until + 1).astype(np.float32)
        few = USUAL_LUMPS * lumps[entry]
        return np.asarray(np.minimum((came + few) / (due + few), 1))

    return pace


def _running_max(value: Reals, group: Ints) -> Reals:
    """Largest value before each row within its group (rows sorted by group); 0 at its first row."""
    if not len(value):
        return value
    step = float(value.max()) + 1
    lifted = value + group * np.float64(step)
    before = np.r_[0.0, np.maximum.accumulate(lifted)[:-1]]
    return np.asarray(np.maximum(before - group * np.float64(step), 0), dtype=np.float32)
