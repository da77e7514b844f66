"""How unusual each supplier's customer mix is: p per supplier and evaluated week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.detection.activity import Activity, Bools, Floats, Ints
from pipeline.detection.mix.known_changes import Changes, spoilt
from pipeline.detection.mix.reference import joined, q_values, standardised, upper_p
from pipeline.detection.mix.windows import BACK, LEAST_BASE_WEEKS, SCORES, WINDOWS, Windows, measure

STRIDE: Final = 4
"""Weeks from one reference week to the next: windows of four weeks do not overlap, and a year has thirteen."""
REFERENCE_FROM: Final = 16
"""Weeks back at which the reference begins: nearer ones contain the shifts, and hide them among few suppliers."""
LONG_BASE_WEEKS: Final = 39
"""Weeks before a window of the past for it to be a reference: shares of fewer scatter more."""
LEAST_REFERENCE: Final = 13
"""Weeks of the past under which suppliers are compared with each other at all weeks."""
SCALES: Final = (0.5, 2.0)
"""Least and most power to which p is raised so that its middle is a half."""
LEAST_BILLS: Final = 30
"""Bills in an average 8 weeks of the year, under which a mix cannot be distinguished from noise."""
LEAST_NOW: Final = 5
"""Bills in a window under which its shares say nothing (a stop over the New Year)."""
SPOILED_Q: Final = 0.05
"""A past supplier-week at or below it is no reference, nor are those within a window's length of it."""
ROUNDS: Final = 2
"""How often the reference is cleaned: the fourth changes nothing (measured)."""
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
        p, window = p_by_prior(windows)
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


def p_by_prior(windows: Windows, *, is_scaled: bool = True) -> tuple[Floats, Ints]:
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
