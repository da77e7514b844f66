"""Confidence intervals of shares and counts, for limits that a small day must not break by chance.

A band such as "10 to 45 % of bills" must not raise an alarm because a small day has drawn 3 of 57. So limits are
compared with the near end of a figure's interval: wide on a small day, narrow on a large one.

Method: the Chernoff bound in its exact exponential form, which is valid for every number of rows (Garivier & Cappé
2011, theorem 10): all p with n * KL(seen || p) <= log(1 / ALPHA), and likewise for Poisson counts. It needs no tables,
and errs to the wide side.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]

ALPHA: Final = 0.001
"""Chance, at most, that a figure on the very limit raises an alarm; inside the band it is far smaller."""
BURST: Final = 4.0
"""Bills come in bookings of one to five that are named, dated and weighed alike, so that n rows are no more evidence
than n / 4 drawn singly (E[k^2] / E[k] of bookings of k bills: 3.7 for one to five)."""
STEPS: Final = 50
"""Halvings of the bracket: enough for the last bits of a float."""

_EVIDENCE: Final = float(np.log(1 / ALPHA)) * BURST


def share_interval(hits: npt.ArrayLike, of: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return the bounds of the share of which `hits` of `of` rows are a draw; 0 and 1 where there are no rows."""
    hits, of = np.asarray(hits, dtype=np.float64), np.asarray(of, dtype=np.float64)
    seen = np.divide(hits, of, out=np.full(of.shape, 0.5), where=of > 0)
    budget = np.divide(_EVIDENCE, of, out=np.full(of.shape, np.inf), where=of > 0)

    def plausible(share: Floats) -> npt.NDArray[np.bool_]:
        with np.errstate(divide="ignore", invalid="ignore"):
            distance = _part(seen, share) + _part(1 - seen, 1 - share)
        return np.asarray(distance <= budget)

    low = _edge(plausible, inside=seen, outside=np.zeros_like(seen))
    high = _edge(plausible, inside=seen, outside=np.ones_like(seen))
    return np.where(of > 0, low, 0.0), np.where(of > 0, high, 1.0)


def count_interval(count: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return the bounds of the expected count of which a count is a draw."""
    seen = np.asarray(count, dtype=np.float64)

    def plausible(expected: Floats) -> npt.NDArray[np.bool_]:
        with np.errstate(divide="ignore", invalid="ignore"):
            distance = expected - seen + _part(seen, expected)
        return np.asarray(distance <= _EVIDENCE)

    beyond = seen + 2 * (_EVIDENCE + np.sqrt(2 * seen * _EVIDENCE))
    low = _edge(plausible, inside=seen, outside=np.zeros_like(seen))
    return low, _edge(plausible, inside=seen, outside=beyond)


def _part(seen: Floats, supposed: Floats) -> Floats:
    """Return seen * log(seen / supposed), 0 where nothing is seen."""
    result: Floats = np.where(seen > 0, seen * np.log(seen / supposed), 0.0)
    return result


def _edge(plausible: Any, inside: Floats, outside: Floats) -> Floats:
    """Return the last plausible value from `inside`, which is, to `outside`; that itself where it is plausible too."""
    reached = plausible(outside)
    inside, beyond = inside.copy(), outside.copy()
    for _ in range(STEPS):
        middle = (inside + beyond) / 2
        keep = plausible(middle)
        inside, beyond = np.where(keep, middle, inside), np.where(keep, beyond, middle)
    result: Floats = np.where(reached, outside, inside)
    return result
