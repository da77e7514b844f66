"""Which suppliers' customer mix shifted: p and q per supplier and evaluated week, and the customer that moved most."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.detection import findings
from pipeline.detection.activity import UNNAMED, Activity, Bools, Floats, Ints
from pipeline.detection.findings import BELOW_ALERT, CONFIRMED, MIX_SHIFTED, WATCH
from pipeline.detection.known_changes import Changes, spoilt
from pipeline.detection.ledger import Ledger
from pipeline.detection.mix_reference import joined, q_values, standardised, upper_p
from pipeline.detection.mix_windows import BACK, LEAST_BASE_WEEKS, SCORES, WINDOWS, Windows, measure
from pipeline.detection.takeover import Starts, renamed
from pipeline.thresholds import YEAR_WEEKS

STRIDE: Final = 4
"""Weeks from one reference week to the next: windows of four weeks do not overlap, and a year has thirteen."""
REFERENCE_FROM: Final = 16
"""Weeks back at which the reference begins: nearer ones contain the shifts, and hide them among few suppliers."""
LONG_BASE_WEEKS: Final = 39
"""Weeks before a window of the past for it to be a reference: shares of fewer scatter more."""
LEAST_REFERENCE: Final = 13
"""Weeks of the past under which suppliers are compared with each other at all weeks."""
STILL_P: Final = 0.3
"""Up to it a shift that was reported still shows, as known later."""
SCALES: Final = (0.5, 2.0)
"""Least and most power to which p is raised so that its middle is a half."""
LEAST_BILLS: Final = 30
"""Bills in an average 8 weeks of the year, under which a mix cannot be distinguished from noise."""
LEAST_NOW: Final = 5
"""Bills in a window under which its shares say nothing (a stop over the New Year)."""
CONFIRMED_Q: Final = 0.05
WATCH_Q: Final = 0.20
HOLD_P: Final = 0.10
"""Up to it an episode stays open: q moves with other suppliers, and that takes no alert back."""
FLOOR_SHARE: Final = 0.05
"""Least move of the driver's share, or"""
FLOOR_HHI: Final = 0.01
"""least change of the concentration, for a claim."""
SPOILED_Q: Final = 0.05
"""A past supplier-week at or below it is no reference, nor are those within a window's length of it."""
ROUNDS: Final = 2
"""How often the reference is cleaned: the fourth changes nothing (measured)."""
MIRRORED: Final = 0.5
"""A move that bills without a name make up to this part is no shift among the named: `went_dark` and `resurfaced`."""
SEASONAL: Final = 0.5
"""A move that the same weeks of the year before showed to this part may be the season."""
INTERVAL: Final = 1.6449
"""90 %."""
CHUNK_ROWS: Final = 2_000_000
"""Rows of activity measured at a time: some 400 MB."""


@dataclass(frozen=True)
class MixResults:
    """Results over suppliers and weeks.

    Attributes:
        supplier: indexes.
        at: weeks, ascending.
        p: (suppliers, weeks), nan where not tested.
        window: index in WINDOWS of the window that shows it best.
        windows: the moves behind it.
    """

    supplier: Ints
    at: Ints
    p: Floats
    window: Ints
    windows: Windows


def evaluate(activity: Activity, at: Sequence[int], known: Changes | None = None) -> MixResults | None:
    """Return scores and p at weeks `at` (indexes); None where no supplier is thick enough.

    Args:
        activity: all rows.
        at: weeks to evaluate.
        known: changes of the past that are no reference.
    """
    last = max(at)
    eligible = thick(activity, last)
    if not eligible.any():
        return None
    start = int(activity.week.min(initial=last))
    reference = list(range(last - REFERENCE_FROM, start + max(WINDOWS) + LONG_BASE_WEEKS - 2, -STRIDE))
    own_past = len(reference) >= LEAST_REFERENCE
    if not own_past:
        # Placebo across suppliers: what is found is few among all.
        reference = list(range(last, start + max(WINDOWS) + LEAST_BASE_WEEKS - 2, -STRIDE))
    weeks = sorted({*at, *reference})
    windows = _measured(activity.of_suppliers(eligible), weeks, own_past)
    is_reference = np.isin(windows.at, reference)
    given = known or Changes(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    if own_past:
        p, window = _p(windows, is_reference, spoilt(given, windows.supplier, windows.at))
    else:
        p, window = _p_by_prior(windows)
    return MixResults(windows.supplier, windows.at, p, window, windows)


def thick(activity: Activity, last: int) -> Bools:
    """Mark the suppliers with enough bills in an average 8 weeks of the year up to `last`."""
    recent = (activity.week > last - BACK) & (activity.week <= last)
    weeks = min(BACK, last + 1 - int(activity.week.min(initial=last)))
    bills = np.bincount(
        activity.pair_supplier[activity.pair[recent]], activity.bills[recent], minlength=len(activity.suppliers)
    )
    return np.asarray(bills * 8 / weeks >= LEAST_BILLS)


def _measured(activity: Activity, at: Sequence[int], own_past: bool) -> Windows:
    rows = np.bincount(activity.pair_supplier, minlength=len(activity.suppliers)) * activity.weeks
    chunk = np.cumsum(rows) // (CHUNK_ROWS * 4)
    parts = []
    for number in np.unique(chunk[rows > 0]):
        parts.append(measure(activity.of_suppliers((chunk == number) & (rows > 0)), at, own_past=own_past))
    if len(parts) == 1:
        return parts[0]
    moves = []
    for index in range(len(WINDOWS)):
        of = [part.moves[index] for part in parts]
        joined = {
            name: np.concatenate([getattr(each, name) for each in of], axis=1 if name in ("scores", "features") else 0)
            for name in of[0].__dataclass_fields__
        }
        moves.append(type(of[0])(**joined))
    return Windows(np.concatenate([part.supplier for part in parts]), parts[0].at, tuple(moves))


def _p_by_prior(windows: Windows, *, is_scaled: bool = True) -> tuple[Floats, Ints]:
    """P by what bursts and waves of all suppliers let expect, where there is no past to compare with.

    Of the longest window: joined with the shorter ones it finds a third less among few suppliers. The middle of all
    p, which hardly any shift moves, scales the rest.
    """
    moves = windows.moves[-1]
    chance = np.where(moves.valid & (moves.now >= LEAST_NOW), moves.chance, np.nan)
    middle = float(np.nanmedian(chance)) if is_scaled and np.isfinite(chance).any() else 0.5
    scaled = chance ** np.clip(np.log(0.5) / np.log(np.clip(middle, 1e-3, 0.999)), *SCALES)
    return scaled, np.full(chance.shape, len(WINDOWS) - 1)


def _p(windows: Windows, is_reference: Bools, changed: Bools) -> tuple[Floats, Ints]:
    """P per supplier and week, and the window that shows it best."""
    shape = windows.moves[0].valid.shape
    usable = [moves.valid & (moves.now >= LEAST_NOW) for moves in windows.moves]
    spoiled = changed
    near = np.abs(windows.at[:, None] - windows.at[None, :]) < max(WINDOWS)
    p = np.full(shape, np.nan)
    window = np.zeros(shape, dtype=np.int64)
    for _ in range(ROUNDS):
        fit = is_reference[None, :] & ~spoiled
        single = np.full((len(WINDOWS), len(SCORES), *shape), np.nan)
        for index, moves in enumerate(windows.moves):
            rows = usable[index]
            learn = fit[rows]
            if not learn.any():
                continue
            features = moves.features[:, rows]
            for number in range(len(SCORES)):
                value = standardised(moves.scores[number][rows], features, learn)
                single[index, number][rows] = upper_p(value, value[learn])
        flat = single.reshape(-1, *shape)
        joint = joined(flat.reshape(len(flat), -1)).reshape(shape)
        tested: Bools = np.asarray(np.isfinite(flat).any(axis=0))
        p[tested] = upper_p(joint[tested], joint[tested & fit])
        best = np.where(np.isfinite(single), single, 2).min(axis=1)
        window = best.argmin(axis=0)
        flagged = np.zeros(shape, dtype=bool)
        for column in range(shape[1]):
            rows = tested[:, column]
            flagged[rows, column] = q_values(p[rows, column]) <= SPOILED_Q
        new: Bools = changed | np.asarray((flagged.astype(np.float32) @ near.astype(np.float32)) > 0)
        if np.array_equal(new, spoiled):
            break
        spoiled = new
    return p, window


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
    p, _ = _p_by_prior(windows, is_scaled=False)
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
