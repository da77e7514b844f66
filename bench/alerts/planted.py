"""Changes that are planted in an invented supplier's mix: the customers they need and their later rates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

SHIFTS: Final = (
    "lost_top",
    "lost_20",
    "top_halved",
    "new_15",
    "new_30",
    "swap",
    "step_30_55",
    "ramp_30_55",
    "gone_dark",
    "left",
    "resurfaced",
)
RAMP_WEEKS: Final = 12
SHARE: Final = {
    "lost_20": 0.20,
    "swap": 0.40,
    "step_30_55": 0.30,
    "ramp_30_55": 0.30,
    "gone_dark": 0.25,
    "left": 0.25,
}
"""Share of the customer concerned before the change, by weight of its rate; other changes take it as it is."""
SECOND: Final = 0.15
"""Share of the customer that gains by a swap, before it."""
SWAPPED: Final = 0.25
STEPPED: Final = 0.55
HIDDEN: Final = 0.25
"""Share that comes into the open where a customer resurfaces."""
NEW: Final = {"new_15": 0.15, "new_30": 0.30}


@dataclass(frozen=True)
class Concerned:
    """The pairs of the suppliers that change, by their place in the arrays of pairs.

    Attributes:
        kind: per changing supplier, a place in SHIFTS.
        at: per changing supplier, the first week of the change.
        subject: per changing supplier, its customer concerned.
        second: per changing supplier, its next customer.
        fresh: per changing supplier, a pair without bills so far.
    """

    kind: np.ndarray
    at: np.ndarray
    subject: np.ndarray
    second: np.ndarray
    fresh: np.ndarray


def plant(rate: np.ndarray, supplier: np.ndarray, concerned: Concerned, weeks: int) -> tuple[np.ndarray, np.ndarray]:
    """Rates of all pairs before the change, and factors week by week of the pairs that change.

    Args:
        rate: bills a week per pair.
        supplier: supplier per pair, a place.
        concerned: what changes.
        weeks: how many there are.

    Returns:
        Rates before, (pairs,); factors on them, (pairs, weeks), float32, 1 where nothing changes.
    """
    rate = rate.copy()
    who = supplier[concerned.subject]
    _set_shares(rate, supplier, concerned)
    total = np.bincount(supplier, rate)[who]
    factor = np.ones((len(rate), weeks), dtype=np.float32)
    after = np.arange(weeks)[None, :] >= concerned.at[:, None]
    ramp = np.clip((np.arange(weeks)[None, :] - concerned.at[:, None] + 1) / RAMP_WEEKS, 0, 1)
    for number, name in enumerate(SHIFTS):
        of = np.flatnonzero(concerned.kind == number)
        if not len(of):
            continue
        subject, second = concerned.subject[of], concerned.second[of]
        fresh = concerned.fresh[of]
        on = after[of]
        if name in ("lost_top", "lost_20", "left"):
            factor[subject] = np.where(on, 0, 1)
        if name == "top_halved":
            factor[subject] = np.where(on, 0.5, 1)
        if name in ("new_15", "new_30"):
            share = NEW[name]
            rate[fresh] = total[of] * share / (1 - share)
            factor[fresh] = np.where(on, 1, 0)
        if name == "resurfaced":
            rate[fresh] = total[of] * HIDDEN / (1 - HIDDEN)
        if name == "swap":
            factor[subject] = np.where(on, 1 - SWAPPED / SHARE["swap"], 1)
            factor[second] = np.where(on, 1 + (SWAPPED * total[of] / rate[second])[:, None], 1)
        if name in ("step_30_55", "ramp_30_55"):
            grown = (on if name == "step_30_55" else ramp[of]).astype(float)
            share = SHARE[name]
            others = np.isin(supplier, who[of])
            back = np.empty(supplier.max() + 1, dtype=np.int64)
            back[who[of]] = np.arange(len(of))
            factor[others] = (1 + grown * ((1 - STEPPED) / (1 - share) - 1))[back[supplier[others]]]
            factor[subject] = 1 + grown * (STEPPED / share - 1)
    return rate, factor


def is_hidden(concerned: Concerned, pair: np.ndarray, week: np.ndarray, pairs: int) -> np.ndarray:
    """Per row of bills, whether the customer's name is withheld: after it went dark, or before it resurfaced."""
    kind = np.array(SHIFTS)[concerned.kind] if len(concerned.kind) else np.array([], dtype=str)
    since, until = np.full(pairs, np.iinfo(np.int64).max), np.zeros(pairs, dtype=np.int64)
    dark, back = kind == "gone_dark", kind == "resurfaced"
    since[concerned.subject[dark]] = concerned.at[dark]
    until[concerned.fresh[back]] = concerned.at[back]
    return (week >= since[pair]) | (week < until[pair])


def _set_shares(rate: np.ndarray, supplier: np.ndarray, concerned: Concerned) -> None:
    """Give the customers concerned the share that their change begins with; the others keep their proportions."""
    kind = np.array(SHIFTS)[concerned.kind] if len(concerned.kind) else np.array([], dtype=str)
    for name, share in SHARE.items():
        of = kind == name
        pairs = concerned.subject[of]
        rest = np.bincount(supplier, rate)[supplier[pairs]] - rate[pairs]
        rate[pairs] = rest * share / (1 - share)
    pairs = concerned.second[kind == "swap"]
    rest = np.bincount(supplier, rate)[supplier[pairs]] - rate[pairs]
    rate[pairs] = rest * SECOND / (1 - SECOND)
    subject = concerned.subject[kind == "swap"]
    rest = np.bincount(supplier, rate)[supplier[subject]] - rate[subject]
    rate[subject] = rest * SHARE["swap"] / (1 - SHARE["swap"])
