"""How far each supplier's customer mix moved from one window to the next, at many weeks at once.

A window of 4, 8 or 13 weeks stands against the 52 weeks before it. A customer's move of share is measured in its own
usual moves: their mean square at other weeks, in units of the variance that a share of so many bills has, drawn
towards that of its supplier's other customers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import stdtr  # type: ignore[import-untyped]

from pipeline.detection.activity import UNNAMED, Activity, Bools, Ints, Reals
from pipeline.thresholds import YEAR_WEEKS

WINDOWS: Final = (4, 8, 13)
BACK: Final = YEAR_WEEKS
LEAST_BASE_WEEKS: Final = 13
"""Weeks before a window that it has to be compared with; 52 where there are so many."""
APART: Final = 13
"""A window's own usual moves are those at weeks at least so far from it."""
OWN_WEIGHT: Final = 8.0
"""Weeks that the supplier's other customers count for against a customer's own past: 2, 4 and 8 were tried."""
FLOOR_SD: Final = 0.02
"""Least standard deviation of a share's move: small customers come and go."""
SCORES: Final = ("distance", "gain", "loss")

PRIOR: Final = 0.3
"""A supplier without a past is taken for one that moves by its bursts alone, for as much as some two weeks count."""
WAVE: Final = 0.18
"""Standard deviation of a customer's log rate from window to window beside what bursts bring: from 0.12 to 0.22
it makes hardly any difference. The tails bring the power, the least share the precision (docs/benchmarks.md)."""
WAVE_LEAST: Final = 0.01
CHANCE_SHARE: Final = 0.08
"""Share in either window, under which a customer's own move says nothing of the mix."""
CHANCE_TAILS: Final = 40
"""Degrees of freedom of the tails: bursts of a few suppliers are larger than those of most."""
BURST_BILLS: Final = 50.0
"""Bills that the bursts of all suppliers count for against a supplier's own."""


@dataclass(frozen=True)
class Moves:
    """Of one window length; arrays over suppliers (in the order of `Windows.supplier`) and weeks (`Windows.at`).

    Attributes:
        valid: whether both windows are there and complete.
        scores: by SCORES, (3, suppliers, weeks).
        features: what explains a score's location and scale, (features, suppliers, weeks).
        driver: customer (index) whose move is the largest in its own usual moves; UNNAMED where there is none.
        before: share of the driver in the 52 weeks.
        after: share of the driver in the window.
        sd: standard deviation of its move by its own past.
        now: weight of the window's bills.
        unnamed: move of the unnamed share.
        hhi: change of the concentration.
        chance: p of the customers' moves by bursts and usual waves alone, joined; nan where there is none.
    """

    valid: Bools
    scores: Reals
    features: Reals
    driver: Ints
    before: Reals
    after: Reals
    sd: Reals
    now: Reals
    unnamed: Reals
    hhi: Reals
    chance: Reals


@dataclass(frozen=True)
class Windows:
    """Moves at some weeks.

    Attributes:
        supplier: indexes of the suppliers.
        at: last weeks of the windows, ascending.
        moves: by WINDOWS.
    """

    supplier: Ints
    at: Ints
    moves: tuple[Moves, ...]


def measure(activity: Activity, at: Sequence[int], *, own_past: bool = True) -> Windows:
    """Moves of all suppliers of `activity` at the weeks `at`.

    Without `own_past` moves are measured in what bursts alone bring: where there are few weeks, those of a supplier's
    past would contain the move itself.

    Memory: some 20 numbers per pair and week of `at`; call it for some thousand suppliers at a time.
    """
    weeks = np.asarray(sorted(at), dtype=np.int64)
    dense = np.zeros((len(activity.pair_supplier), activity.weeks), dtype=np.float32)
    dense[activity.pair, activity.week] = activity.net
    run = np.zeros((len(dense), activity.weeks + 1), dtype=np.float32)
    np.cumsum(dense, axis=1, out=run[:, 1:])
    begin = np.flatnonzero(np.r_[True, activity.pair_supplier[1:] != activity.pair_supplier[:-1]])
    supplier = activity.pair_supplier[begin]
    of = np.repeat(np.arange(len(begin)), np.diff(np.r_[begin, len(dense)]))
    start = int(np.flatnonzero(dense.any(axis=0))[0]) if dense.any() else 0
    burst = _bursts(dense, begin, start)
    return Windows(
        supplier,
        weeks,
        tuple(_moves(run, begin, of, activity, weeks, span, start, burst, own_past) for span in WINDOWS),
    )


def _bursts(dense: Reals, begin: Ints, start: int) -> Reals:
    """Bills that come together at each supplier, drawn to the usual: variance of customers' weekly bills by their mean.

    Of differences from week to week, which slow waves and a shift hardly move.
    """
    since = dense[:, start:]
    bills = np.add.reduceat(since.sum(axis=1), begin)
    scatter = np.add.reduceat((np.diff(since, axis=1) ** 2).sum(axis=1) / 2, begin)
    usual = scatter.sum() / max(bills.sum(), 1)
    return np.asarray(np.maximum((scatter + BURST_BILLS * usual) / (bills + BURST_BILLS), 1))


def _moves(
    run: Reals, begin: Ints, of: Ints, activity: Activity, at: Ints, span: int, start: int, burst: Reals, own_past: bool
) -> Moves:
    consignee = activity.pair_consignee
    named = consignee != UNNAMED
    base_from = np.maximum(at + 1 - span - BACK, start)
    cut = np.maximum(at + 1 - span, start)
    base_weeks = np.maximum(cut - base_from, 1)
    now, base = run[:, at + 1] - run[:, cut], run[:, cut] - run[:, base_from]
    now_all, base_all = np.add.reduceat(now, begin), np.add.reduceat(base, begin)
    valid = (at + 1 - cut == span) & ~activity.lacks(cut, at) & (cut - base_from >= LEAST_BASE_WEEKS)
    there = valid[None, :] & (now_all > 0) & (base_all > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        after, before = now / now_all[of], base / base_all[of]
        after[~np.isfinite(after)] = 0
        before[~np.isfinite(before)] = 0
        both = (now + base) / (now_all + base_all)[of]
        both[~np.isfinite(both)] = 0
        unit = both * (1 - both) * (1 / now_all + 1 / base_all)[of]
    unit[~np.isfinite(unit)] = 0
    move = after - before
    there_pair = there[of] & (unit > 0)
    square = np.where(there_pair, move**2 / np.where(unit > 0, unit, 1), 0).astype(np.float32)

    # Usual moves of a pair and of its supplier, from the weeks that lie apart.
    apart = ((np.abs(at[:, None] - at[None, :]) >= APART) & own_past).astype(np.float32)
    own, own_n = square @ apart, there_pair.astype(np.float32) @ apart
    mass = both * (1 - both)
    all_sum = np.add.reduceat(mass * own, begin)
    all_n = np.add.reduceat(mass * own_n, begin)
    typical = (all_sum + PRIOR * burst[:, None]) / (all_n + PRIOR)
    spread = (own + OWN_WEIGHT * typical[of]) / (own_n + OWN_WEIGHT)
    variance = unit * spread + FLOOR_SD**2
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(there_pair, move / np.sqrt(variance), 0)
    z_named = np.where(named[:, None], z, 0)
    gain = np.maximum.reduceat(z_named, begin)
    loss = np.maximum.reduceat(-z_named, begin)
    # In units of what as many bills would bring by chance.
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.add.reduceat(_divergence(before, after), begin) / (1 / now_all + 1 / base_all)
    distance = np.where(there, distance, 0)

    drift = WAVE * mass + WAVE_LEAST
    free = np.abs(move) / np.sqrt(unit * burst[of][:, None] + drift**2)
    counts = there_pair & named[:, None] & (np.maximum(before, after) >= CHANCE_SHARE)
    chance = _joint(np.where(counts, 2 * stdtr(CHANCE_TAILS, -free), np.nan), begin)
    size = np.abs(z_named)
    best = np.maximum.reduceat(size, begin)
    is_best = (size >= best[of]) & (size > 0)
    places = np.where(is_best, np.arange(len(size))[:, None], len(size))
    driver = np.minimum.reduceat(places, begin)
    driver = np.where(driver < len(size), driver, -1)
    columns = np.arange(len(at))[None, :]
    hhi_before = np.add.reduceat(before**2, begin)
    past_distance = _past(distance, there, apart)
    with np.errstate(divide="ignore"):
        features = np.stack(
            [
                np.ones_like(distance),
                np.log(np.maximum(base_all * span / base_weeks, 0.1)),
                np.log(np.maximum(typical, 1e-3)),
                np.log(np.maximum(hhi_before, 1e-3)),
                np.log(np.maximum(np.add.reduceat((before > 0).astype(np.float32), begin), 1)),
                np.log(np.maximum(past_distance, 1e-4)),
            ]
        )
    return Moves(
        there,
        np.stack([np.log(np.maximum(distance, 1e-6)), gain, loss]).astype(np.float32),
        features.astype(np.float32),
        np.where(driver >= 0, consignee[driver], UNNAMED),
        before[driver, columns],
        after[driver, columns],
        np.sqrt(variance[driver, columns]),
        now_all,
        np.add.reduceat(np.where(named[:, None], 0, move), begin),
        np.add.reduceat(after**2, begin) - hhi_before,
        chance,
    )


def _joint(p: Reals, begin: Ints) -> Reals:
    """Cauchy's combination of customers' p by supplier."""
    there = np.isfinite(p)
    terms = np.where(there, np.tan((0.5 - np.clip(np.where(there, p, 0.5), 1e-12, 1 - 1e-6)) * np.pi), 0)
    count = np.add.reduceat(there.astype(np.float64), begin)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(0.5 - np.arctan(np.add.reduceat(terms, begin) / np.where(count > 0, count, np.nan)) / np.pi)


def _past(distance: Reals, there: Bools, apart: Reals) -> Reals:
    seen = there.astype(np.float32) @ apart
    return np.asarray(np.where(there, distance, 0).astype(np.float32) @ apart / np.maximum(seen, 1))


def _divergence(before: Reals, after: Reals) -> Reals:
    """Terms of the Jensen-Shannon divergence, in nats."""
    middle = (before + after) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = [np.where(part > 0, part * np.log(part / middle), 0) for part in (before, after)]
    return np.asarray((terms[0] + terms[1]) / 2)
