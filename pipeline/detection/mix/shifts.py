"""Findings of customer mixes that shifted: the customer that moved most, and what else it may be."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.detection import findings
from pipeline.detection.activity import UNNAMED, Activity, Bools, Floats, Ints
from pipeline.detection.events.takeover import Starts, renamed
from pipeline.detection.findings import BELOW_ALERT, CONFIRMED, MIX_SHIFTED, WATCH
from pipeline.detection.ledger import Ledger
from pipeline.detection.mix.reference import q_values
from pipeline.detection.mix.significance import MixResults, p_by_prior
from pipeline.detection.mix.windows import BACK, WINDOWS, measure
from pipeline.thresholds import YEAR_WEEKS, threshold

STILL_P: Final = 0.3
"""Up to it a shift that was reported still shows, as known later."""
CONFIRMED_Q: Final = threshold("mix_confirmed_q")
WATCH_Q: Final = threshold("mix_watch_q")
HOLD_P: Final = 0.10
"""Up to it an episode stays open: q moves with other suppliers, and that takes no alert back."""
FLOOR_SHARE: Final = threshold("mix_least_share")
"""Least move of the driver's share, or"""
FLOOR_HHI: Final = threshold("mix_least_hhi")
"""least change of the concentration, for a claim."""
MIRRORED: Final = 0.5
"""A move that bills without a name make up to this part is no shift among the named: `went_dark` and `resurfaced`."""
SEASONAL: Final = 0.5
"""A move that the same weeks of the year before showed to this part may be the season."""
INTERVAL: Final = 1.6449
"""90 %."""


def found(
    activity: Activity,
    ledger: Ledger,
    began: Starts,
    results: MixResults,
    at: Collection[int],
    watched: Collection[int],
) -> pa.Table:
    """Findings at weeks `at` (indexes): q by family (watched suppliers, all others)."""
    family = np.isin(activity.suppliers[results.supplier], np.fromiter(watched, dtype=np.int64, count=len(watched)))
    return findings.concat([_found_at(activity, ledger, began, results, week, family) for week in at])


def _found_at(
    activity: Activity, ledger: Ledger, began: Starts, results: MixResults, at: int, family: Bools
) -> pa.Table:
    column = int(np.searchsorted(results.at, at))
    p = results.p[:, column]
    q = np.full(len(p), np.nan)
    for members in (family, ~family):
        tested = members & np.isfinite(p)
        q[tested] = q_values(p[tested])
    window = results.window[:, column]
    driver, hhi = _pick(results, "driver", column), _pick(results, "hhi", column)
    move = _pick(results, "after", column) - _pick(results, "before", column)
    large = (np.abs(move) >= FLOOR_SHARE) | (np.abs(hhi) >= FLOOR_HHI)
    shown = np.flatnonzero(((q <= WATCH_Q) | (p <= HOLD_P)) & large & (driver != UNNAMED))
    p, q, driver, move, supplier = p[shown], q[shown], driver[shown], move[shown], results.supplier[shown]
    before, after, sd, unnamed = (_pick(results, name, column)[shown] for name in ("before", "after", "sd", "unnamed"))
    span = np.asarray(WINDOWS)[window[shown]]
    start, ends = at - span + 1, np.full(len(shown), at)
    pair = _pairs(activity, supplier, driver)
    mirrored = (np.sign(unnamed) == -np.sign(move)) & (np.abs(unnamed) >= MIRRORED * np.abs(move))
    again = _share(ledger, supplier, pair, start - YEAR_WEEKS, ends - YEAR_WEEKS)
    again -= _share(ledger, supplier, pair, start - YEAR_WEEKS - BACK, start - YEAR_WEEKS - 1)
    season = (
        (np.sign(again) == np.sign(move)) & (np.abs(again) >= SEASONAL * np.abs(move)) & (start - YEAR_WEEKS >= BACK)
    )
    season |= _as_a_year_ago(activity, ledger, supplier, start, ends) & (start - YEAR_WEEKS >= 0)
    moved = _renamed(activity, ledger, began, pair, at)
    explanation = np.where(mirrored, np.where(move < 0, "went_dark", "resurfaced"), np.where(season, "season", "noise"))
    explanation = np.where(moved, "renamed", explanation)
    confirmed = q <= CONFIRMED_Q
    certainty = np.where(confirmed, CONFIRMED, np.where(q <= WATCH_Q, WATCH, BELOW_ALERT))
    first = activity.first_week
    bills = ledger.supplier(supplier, start, ends)
    return findings.table(
        len(shown),
        {
            "alert_type": MIX_SHIFTED,
            "supplier_key": activity.suppliers[supplier],
            "driver_key": activity.consignees[driver],
            "threshold": "",
            "at_week": first + at,
            "before_start": first + start - BACK,
            "before_end": first + start - 1,
            "window_start": first + start,
            "window_end": first + at,
            "began": first + _began(results, at)[shown],
            "from_value": before,
            "to_value": after,
            "effect": 100 * move,
            "effect_low": 100 * (move - INTERVAL * sd),
            "effect_high": 100 * (move + INTERVAL * sd),
            "bills_before": ledger.customer(pair, start - BACK, start - 1) / BACK,
            "bills_after": ledger.customer(pair, start, ends) / span,
            "p_value": p,
            "q_value": q,
            "certainty": pa.array(certainty.tolist(), pa.string()),
            "fires": confirmed & ~mirrored & ~season & ~moved,
            "holds": True,
            "coverage": 1 - ledger.unnamed(supplier, start, ends) / np.maximum(bills, 1),
            "alternative_explanation": pa.array(explanation.tolist(), pa.string()),
        },
    )


def still_there(activity: Activity, suppliers: Ints, at: Sequence[int]) -> pa.Table:
    """Findings that keep alerts of the weeks `at` (indexes) from being taken back: by bursts and waves alone."""
    kept = np.isin(activity.suppliers, suppliers)
    if not kept.any():
        return findings.empty()
    windows = measure(activity.of_suppliers(kept), at, own_past=False)
    p, _ = p_by_prior(windows, is_scaled=False)
    supplier, column = np.nonzero(np.nan_to_num(p, nan=0.0) <= STILL_P)
    week = activity.first_week + windows.at[column]
    return findings.table(
        len(supplier),
        {
            "alert_type": MIX_SHIFTED,
            "supplier_key": activity.suppliers[windows.supplier[supplier]],
            "threshold": "",
            "at_week": week,
            "before_start": week - max(WINDOWS) - BACK + 1,
            "before_end": week - max(WINDOWS),
            "window_start": week - max(WINDOWS) + 1,
            "window_end": week,
            "began": week,
            "certainty": BELOW_ALERT,
            "fires": False,
            "holds": True,
            "alternative_explanation": "noise",
        },
    )


def _as_a_year_ago(activity: Activity, ledger: Ledger, supplier: Ints, start: Ints, ends: Ints) -> Bools:
    """Whether a mix is much nearer to that of the same weeks a year ago than to that of the year before the window."""
    low = np.searchsorted(activity.pair_supplier, supplier, side="left")
    many = np.searchsorted(activity.pair_supplier, supplier, side="right") - low
    row = np.repeat(np.arange(len(supplier)), many)
    pair = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many) + low[row]
    of, first, last = supplier[row], start[row], ends[row]
    now = _share(ledger, of, pair, first, last)
    then = _share(ledger, of, pair, first - YEAR_WEEKS, last - YEAR_WEEKS)
    year = _share(ledger, of, pair, first - BACK, first - 1)
    near, far = (np.bincount(row, np.abs(now - other), minlength=len(supplier)) for other in (then, year))
    return np.asarray(near <= SEASONAL * far)


def _renamed(activity: Activity, ledger: Ledger, began: Starts, driver: Ints, at: int) -> Bools:
    """Whether the customer that moved most ended or began as another of its supplier began or ended, of its size."""
    of = np.isin(activity.pair_supplier, activity.pair_supplier[driver])
    rows = np.flatnonzero(of[activity.pair] & (activity.week <= at))
    last = np.full(len(of), -1)
    last[activity.pair[rows]] = activity.week[rows]
    old = np.flatnonzero(of & (last < at) & (last > at - YEAR_WEEKS // 2) & (activity.pair_consignee != UNNAMED))
    new = renamed(activity, ledger, began, old, last[old], at)
    share = _share(ledger, activity.pair_supplier[old], old, last[old] - BACK + 1, last[old])
    meant = (new >= 0) & (share >= FLOOR_SHARE)
    return np.isin(driver, old[meant]) | np.isin(driver, new[meant])


def _pick(results: MixResults, name: str, column: int) -> npt.NDArray[Any]:
    """A figure of the window that shows a supplier's shift best."""
    by_window = np.stack([getattr(moves, name)[:, column] for moves in results.windows.moves])
    return by_window[results.window[:, column], np.arange(by_window.shape[1])].astype(
        np.int64 if name == "driver" else np.float64
    )


def _pairs(activity: Activity, supplier: Ints, consignee: Ints) -> Ints:
    width = len(activity.consignees) + 1
    codes = activity.pair_supplier * width + activity.pair_consignee
    return np.searchsorted(codes, supplier * width + consignee)


def _share(ledger: Ledger, supplier: Ints, pair: Ints, low: Ints, high: Ints) -> Floats:
    return ledger.customer(pair, low, high) / np.maximum(ledger.supplier(supplier, low, high), 1)


def _began(results: MixResults, at: int) -> Ints:
    """First of the weeks without a break, up to `at`, at which p stays at or below 5 %."""
    column = int(np.searchsorted(results.at, at))
    low = np.nan_to_num(results.p[:, : column + 1], nan=1.0) <= CONFIRMED_Q
    length = np.where(low.all(axis=1), column + 1, (~low[:, ::-1]).argmax(axis=1))
    return np.asarray(results.at[column - np.maximum(length - 1, 0)])
