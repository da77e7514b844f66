"""Lines crossed on evidence: of a customer's tier (`tier_crossed`), of concentration (`concentration_crossed`).

A share of half a year and that of the year before it are distinguished by intervals that allow for bursts and for
customers' own waves; a line counts as crossed where one lies beyond the hysteresis band and the other on its far side.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
from scipy.special import betainc, ndtr, stdtr  # type: ignore[import-untyped]

from pipeline.detection import findings
from pipeline.detection.activity import UNNAMED, Activity, Bools, Floats, Ints
from pipeline.detection.bounds import beta_interval
from pipeline.detection.findings import CONCENTRATION_CROSSED, CUSTOMER_LOST, RULE, TIER_CROSSED, WENT_DARK
from pipeline.detection.mix.reference import q_values
from pipeline.thresholds import YEAR_WEEKS, threshold

WINDOW: Final = YEAR_WEEKS // 2
TIERS: Final = {"A": threshold("tier_a_share"), "B": threshold("tier_b_share"), "C": threshold("tier_c_share")}
HHI_LINES: Final = (threshold("hhi_moderate"), threshold("hhi_high"))
BAND: Final = threshold("tier_hysteresis")
MASS: Final = threshold("line_mass")
HOLD_MASS: Final = threshold("line_hold_mass")
LINE_Q: Final = threshold("line_q")
LEAST_SHARE: Final = threshold("tier_c_share")
TAILS: Final = threshold("line_tails")
LEAST_SCALE: Final = 0.4
"""The effective number of shipments (Kish) counts a steady customer for less than it shows: moves scatter less."""
CANTELLI: Final = np.sqrt(1 / HOLD_MASS - 1) + 1e-6
"""Standard deviations of the mean from a line beyond which HOLD_MASS cannot lie on its other side."""
LEAST_PAIRS: Final = 30
"""Moves under which their middle does not show how far customers wander by themselves."""


class Sides(NamedTuple):
    """Shares of a window, per pair.

    Attributes:
        share: of the supplier's volume.
        known: effective number of independent shipments behind the supplier's volume (Kish).
        named: part of the supplier's volume that bears a name.
    """

    share: Floats
    known: Floats
    named: Floats


def found(
    activity: Activity, weeks: Sequence[int], first_week: int, watched: Collection[int], open_: pa.Table | None
) -> pa.Table:
    """Findings of lines at `weeks` (indexes).

    Args:
        activity: all rows.
        weeks: the evaluated weeks.
        first_week: the first one with records.
        watched: supplier keys that are a family of their own, all customers of which matter.
        open_: EPISODE of the week before: a customer that left slides down the tiers, which is one piece of news.
    """
    every = findings.concat([_found_at(activity, week, first_week, watched) for week in weeks])
    if open_ is None or not every.num_rows:
        return every
    gone = open_.filter(pc.is_in(open_["alert_type"], pa.array([CUSTOMER_LOST, WENT_DARK])))
    left = set(zip(gone["supplier_key"].to_pylist(), gone["consignee_key"].to_pylist(), strict=True))
    pairs = zip(every["supplier_key"].to_pylist(), every["consignee_key"].to_pylist(), strict=True)
    return every.filter(pa.array([pair not in left for pair in pairs], pa.bool_()))


def _found_at(activity: Activity, week: int, first_week: int, watched: Collection[int]) -> pa.Table:
    cut = week - WINDOW
    if cut - WINDOW + 1 < first_week or activity.lacks(np.array(cut + 1), np.array(week)):
        return findings.empty()
    before, now, year = (
        _sides(activity, low, high) for low, high in ((cut - YEAR_WEEKS, cut), (cut, week), (week - YEAR_WEEKS, week))
    )
    keys = activity.suppliers[activity.pair_supplier]
    is_watched = np.isin(keys, np.fromiter(watched, dtype=np.int64, count=len(watched)))
    named = activity.pair_consignee != UNNAMED
    both = (before.known > 0) & (now.known > 0) & named
    # One that came or went is other news, or none where it goes on under another name.
    stays = both & (before.share > 0) & (now.share > 0)
    matters = stays & ((np.maximum(before.share, now.share) >= LEAST_SHARE) | is_watched)
    return findings.concat(
        [
            _tiers(activity, week, (before, now, year), np.flatnonzero(matters), is_watched),
            _concentrations(activity, week, (before, now, year), both, is_watched),
        ]
    )


def _sides(activity: Activity, after: int, until: int) -> Sides:
    rows = (activity.week > after) & (activity.week <= until)
    pairs, suppliers = len(activity.pair_supplier), len(activity.suppliers)
    pair, volume = activity.pair[rows], activity.volume[rows]
    supplier = activity.pair_supplier[pair]
    own = np.bincount(pair, volume, minlength=pairs)
    all_ = np.bincount(supplier, volume, minlength=suppliers)
    squares = np.bincount(supplier, volume**2, minlength=suppliers)
    known = all_**2 / np.maximum(squares, 1e-12)
    hidden = np.bincount(activity.pair_supplier, np.where(activity.pair_consignee == UNNAMED, own, 0), suppliers)
    of = activity.pair_supplier
    return Sides(
        own / np.maximum(all_, 1e-12)[of],
        np.where(all_ > 0, known, 0)[of],
        (1 - hidden / np.maximum(all_, 1e-12))[of],
    )


def _tiers(activity: Activity, week: int, sides: tuple[Sides, Sides, Sides], pair: Ints, is_watched: Bools) -> pa.Table:
    before, now, year = (Sides(*(each[pair] for each in side)) for side in sides)
    p = _p(now.share - before.share, _variance(now) + _variance(before))
    q = _q(p, is_watched[pair])
    parts = []
    for up in (True, False):
        crossed, holds = np.zeros(len(pair), dtype=bool), np.zeros(len(pair), dtype=bool)
        name = np.full(len(pair), "", dtype="<U3")
        # The farthest line is reported: the highest upwards, the lowest downwards.
        order = ("C", "B", "A") if up else ("A", "B", "C")
        for upper in order:
            lower = {"A": "B", "B": "C", "C": "D"}[upper]
            line = TIERS[upper]
            far = line * (1 + BAND if up else 1 - BAND)
            year_is = year.share >= far if up else year.share <= far
            may_hold = np.flatnonzero(year_is & _may_hold(now, far, up) & _may_hold(before, line, not up))
            mass = np.zeros(len(pair))
            mass[may_hold] = np.minimum(_mass(now, may_hold, far, up), _mass(before, may_hold, line, not up))
            is_held = mass >= HOLD_MASS
            is_crossed = is_held & (mass >= MASS) & (q <= LINE_Q)
            holds |= is_held
            crossed |= is_crossed
            text = f"{lower}>{upper}" if up else f"{upper}>{lower}"
            name[is_crossed | (is_held & ~crossed)] = text
        shown = np.flatnonzero(holds)
        parts.append(
            _rows(
                activity,
                week,
                TIER_CROSSED,
                pair[shown],
                name[shown],
                (before.share[shown], now.share[shown]),
                beta_interval(now.share[shown], now.known[shown]),
                crossed[shown],
                p[shown],
                q[shown],
                now.named[shown],
            )
        )
    return findings.concat(parts)


def _concentrations(
    activity: Activity, week: int, sides: tuple[Sides, Sides, Sides], both: Bools, is_watched: Bools
) -> pa.Table:
    begin = np.flatnonzero(np.r_[True, activity.pair_supplier[1:] != activity.pair_supplier[:-1]])
    there = np.add.reduceat(both.astype(np.int64), begin) > 1
    figures = []
    for side in sides:
        # Among named customers only: hidden names coming and going are no concentration.
        share = np.where(both, side.share / np.maximum(side.named, 1e-9), 0)
        known = (side.known * side.named)[begin]
        squares, cubes = np.add.reduceat(share**2, begin), np.add.reduceat(share**3, begin)
        fresh = np.maximum(squares - (1 - squares) / np.maximum(known, 1), 0)
        variance = 4 * np.maximum(cubes - squares**2, 0) / np.maximum(known, 1) + 1 / np.maximum(known, 1) ** 2
        figures.append((squares, fresh, variance))
    (before, before_fresh, before_var), (now, now_fresh, now_var), (year, _, _) = figures
    tested = np.flatnonzero(there)
    p, q = np.ones(len(begin)), np.ones(len(begin))
    p[tested] = _p((now_fresh - before_fresh)[tested], (now_var + before_var)[tested])
    q[tested] = _q(p[tested], is_watched[begin][tested])
    parts = []
    for line in HHI_LINES:
        for up in (True, False):
            far = line * (1 + BAND if up else 1 - BAND)
            sign = 1 if up else -1
            beyond = ndtr(sign * (now_fresh - far) / np.sqrt(now_var))
            was = ndtr(sign * (line - before_fresh) / np.sqrt(before_var))
            holds = there & (beyond >= HOLD_MASS) & (was >= HOLD_MASS) & ((year >= far) if up else (year <= far))
            crossed = holds & (beyond >= MASS) & (was >= MASS) & (q <= LINE_Q)
            shown = np.flatnonzero(holds)
            moved = np.abs(sides[1].share - sides[0].share)
            driver = _largest(np.where(both, moved, -1), begin)[shown]
            parts.append(
                _rows(
                    activity,
                    week,
                    CONCENTRATION_CROSSED,
                    driver,
                    np.full(len(shown), f"hhi_{line:.2f}_{'up' if up else 'down'}"),
                    (before[shown], now[shown]),
                    (now[shown] - 1.645 * np.sqrt(now_var[shown]), now[shown] + 1.645 * np.sqrt(now_var[shown])),
                    crossed[shown],
                    p[shown],
                    q[shown],
                    sides[1].named[begin][shown],
                )
            )
    return findings.concat(parts)


def _largest(value: Floats, begin: Ints) -> Ints:
    """Per supplier, the pair with the largest value, the first of equal ones."""
    top = np.repeat(np.maximum.reduceat(value, begin), np.diff(np.r_[begin, len(value)]))
    places = np.where(value >= top, np.arange(len(value)), len(value))
    return np.asarray(np.minimum.reduceat(places, begin))


def _variance(side: Sides) -> Floats:
    n = side.known + 1
    share = (side.share * side.known + 0.5) / n
    return np.asarray(share * (1 - share) / n)


def _may_hold(side: Sides, line: float, above: bool) -> Bools:
    """Where HOLD_MASS of the share's distribution can lie above or below a line, by Cantelli's inequality.

    Exact masses take a third of detection's time; this leaves some hundredths of them.
    """
    n = side.known + 1
    mean = (side.share * side.known + 0.5) / n
    short = (line - mean) if above else (mean - line)
    return np.asarray(short <= CANTELLI * np.sqrt(mean * (1 - mean) / (n + 1)))


def _mass(side: Sides, rows: Ints, line: float, above: bool) -> Floats:
    """Part of the distribution of some rows' shares above or below a line."""
    share, known = side.share[rows], side.known[rows]
    below = betainc(share * known + 0.5, (1 - share) * known + 0.5, line)
    return np.asarray(1 - below if above else below)


def _p(move: Floats, variance: Floats) -> Floats:
    """Two-sided p of moves, scaled by how far all of them scatter: customers' rates wander by themselves."""
    z = np.abs(move) / np.sqrt(np.maximum(variance, 1e-12))
    scale = max(LEAST_SCALE, float(np.median(z)) / 0.6745) if len(z) >= LEAST_PAIRS else 1.0
    return np.asarray(2 * stdtr(TAILS, -z / scale))


def _q(p: Floats, is_watched: Bools) -> Floats:
    q = np.ones(len(p))
    for members in (is_watched, ~is_watched):
        if members.any():
            q[members] = q_values(p[members])
    return q


def _rows(
    activity: Activity,
    week: int,
    kind: str,
    pair: Ints,
    name: np.ndarray,
    values: tuple[Floats, Floats],
    bounds: tuple[Floats, Floats],
    fires: Bools,
    p: Floats,
    q: Floats,
    coverage: Floats,
) -> pa.Table:
    first, cut = activity.first_week, week - WINDOW
    (before, now), (low, high) = values, bounds
    return findings.of_pairs(
        activity,
        pair,
        week,
        {
            "alert_type": kind,
            **({} if kind == TIER_CROSSED else {"consignee_key": None}),
            "threshold": pa.array(name.tolist(), pa.string()),
            "before_start": first + max(cut - YEAR_WEEKS + 1, 0),
            "before_end": first + cut,
            "window_start": first + cut + 1,
            "began": first + cut + 1,
            "from_value": before,
            "to_value": now,
            "effect": 100 * (now - before),
            "effect_low": 100 * (low - before),
            "effect_high": 100 * (high - before),
            "p_value": p,
            "q_value": q,
            "certainty": RULE,
            "fires": fires,
            "holds": True,
            "coverage": coverage,
            "alternative_explanation": "noise",
        },
    )
