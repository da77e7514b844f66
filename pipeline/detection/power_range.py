"""Ranges of power and mutual dependence, and of the postures, that the intervals of the two shares leave open.

Pure functions over arrays, no random numbers: both shares are drawn from their Beta distributions at the points of a
Hammersley set, the same for all rows (docs/metrics.md, "Ranges").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv  # type: ignore[import-untyped]

from pipeline.detection.activity import Floats

POINTS: Final = 256
"""Draws of a row. Against 1,024 of them an end of a range is off by 0.004 in the mean and by 0.018 in one of a hundred;
with 128 by 0.007 and 0.031."""
CHUNK_ROWS: Final = 1_000
"""Rows that are drawn at once: 2 MB for each quantity, which stay in the processor's cache."""
NODES: Final = np.array(
    [0.002, 0.01, 0.025, 0.05, 0.1, 0.17, 0.25, 0.35, 0.5, 0.65, 0.75, 0.83, 0.9, 0.95, 0.975, 0.99, 0.998]
)
"""Probabilities at which quantiles are computed; those of the points are interpolated between them."""
DIGITS: Final = 9
"""Kept of a quantile: scipy's inverse of the incomplete beta function agrees to so many digits on every machine."""
POWER_BANDS: Final = ("weak", "balanced", "strong")
MUTUAL_BANDS: Final = ("low", "high")

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Cuts:
    """Where the cells of the postures begin, and the level of a range.

    Attributes:
        level: part of the distribution between the two ends of a range.
        power_strong: power from which it is strong; weak from minus this down.
        mutual_high: joint dependence from which it is high.
    """

    level: float
    power_strong: float
    mutual_high: float


def power_ranges(rows: Mapping[str, Floats], cuts: Cuts) -> dict[str, Floats]:
    """Return `power_low`, `power_high`, `mutual_low`, `mutual_high` and the part of the distribution in each cell.

    An end of a range is that of the least or the greatest substitutability, so that it holds whichever is right; each
    range holds the row's own figure.

    Args:
        rows: by row, `supplier_share` and `buyer_share` (unnamed volume split like the named), `supplier_shipments` and
            `buyer_shipments` (effective numbers of them), `customer_substitutability`, `substitutability_low` and
            `substitutability_high` of the supplier, and the row's `power` and `mutual`. Rows with nothing missing.
        cuts: of the postures.

    Returns:
        An array a row of each; cells are named `weak_low` … `strong_high`.
    """
    count = len(rows["power"])
    names = ("power_low", "power_high", "mutual_low", "mutual_high", *cell_names())
    found = {name: np.empty(count) for name in names}
    suppliers = _Shares.of(rows["supplier_share"], rows["supplier_shipments"])
    buyers = _Shares.of(rows["buyer_share"], rows["buyer_shipments"])
    for part in _chunks(count):
        of_part = _ranges({name: values[part] for name, values in rows.items()}, suppliers, buyers, part, cuts)
        for name, values in of_part.items():
            found[name][part] = values
    return found


def cell_names() -> list[str]:
    """Names of the cells of power and mutual dependence."""
    return [f"{power}_{mutual}" for power in POWER_BANDS for mutual in MUTUAL_BANDS]


@dataclass(frozen=True)
class _Shares:
    """Beta(share n + 1/2, (1 - share) n + 1/2) of each row; many rows have the same.

    Attributes:
        hits: first parameter, each different pair of parameters once.
        misses: second parameter.
        quantiles: at `NODES`.
        where: by row, which of them is its own.
    """

    hits: Floats
    misses: Floats
    quantiles: Floats
    where: npt.NDArray[np.intp]

    @classmethod
    def of(cls, share: Floats, shipments: Floats) -> _Shares:
        """Return those of rows with these shares and effective numbers of shipments."""
        hits, misses = share * shipments + 0.5, (1 - share) * shipments + 0.5
        # a buyer's only supplier, a supplier's only customer
        different, where = np.unique(np.round(hits, DIGITS) + 1j * np.round(misses, DIGITS), return_inverse=True)
        hits, misses = different.real, different.imag
        quantiles = np.round(betaincinv(hits[:, None], misses[:, None], NODES), DIGITS)
        return cls(hits, misses, quantiles, where)

    def draws(self, part: slice, points: Floats) -> Floats:
        """Return the quantiles at `points` of some rows; see `_perhaps_all`."""
        different, where = np.unique(self.where[part], return_inverse=True)
        hits, misses = self.hits[different], self.misses[different]
        drawn: Floats = self.quantiles[different] @ _weights(points)
        whole = np.flatnonzero((misses <= 0.5) & (hits > 0.5))
        drawn[whole] = _perhaps_all(drawn[whole], hits[whole] - 0.5, points)
        return drawn[where]


def _ranges(
    rows: Mapping[str, Floats], suppliers: _Shares, buyers: _Shares, part: slice, cuts: Cuts
) -> dict[str, Floats]:
    """Return the ranges of the rows of `part`; `rows` has only these."""
    first, second, third = _points()
    supplier = suppliers.draws(part, first)
    supplier *= (1 - rows["customer_substitutability"])[:, None]
    buyer = buyers.draws(part, second)
    least, most = (1 - rows[f"substitutability_{end}"] for end in ("high", "low"))
    tail = (1 - cuts.level) / 2
    found = {
        "power_low": np.minimum(_quantile(supplier - buyer * most[:, None], tail), rows["power"]),
        "power_high": np.maximum(_quantile(supplier - buyer * least[:, None], 1 - tail), rows["power"]),
        "mutual_low": np.minimum(_quantile(supplier + buyer * least[:, None], tail), rows["mutual"]),
        "mutual_high": np.maximum(_quantile(supplier + buyer * most[:, None], 1 - tail), rows["mutual"]),
    }
    buyer *= least[:, None] + (most - least)[:, None] * third
    power, is_high = supplier - buyer, supplier + buyer >= cuts.mutual_high
    bands = (power <= -cuts.power_strong, None, power >= cuts.power_strong)
    weak, strong = (band for band in bands if band is not None)
    for name, band in zip(POWER_BANDS, (weak, ~(weak | strong), strong), strict=True):
        found[f"{name}_low"] = np.count_nonzero(band & ~is_high, axis=1) / POINTS
        found[f"{name}_high"] = np.count_nonzero(band & is_high, axis=1) / POINTS
    return found


def _perhaps_all(drawn: Floats, shipments: Floats, points: Floats) -> Floats:
    """Return draws of a share of which all shipments were seen: with probability (n + 1) / (n + 2) it is 1.

    That is what n such shipments leave, where half of such relations are exclusive and in the others any share is as
    likely as another. Without it 5 to 12 points fewer of the true figures of exclusive buyers lie in the range.
    """
    others = np.maximum(np.rint(POINTS / (shipments + 2)), 1)[:, None]
    rank = np.floor(points * POINTS)
    ordered = drawn[:, np.argsort(rank)]
    at = np.minimum((rank + 0.5) / others * POINTS, POINTS - 1).astype(np.int64)
    return np.where(rank < others, np.take_along_axis(ordered, at, axis=1), 1.0)


def _weights(points: Floats) -> Floats:
    """Return the matrix that interpolates quantiles at `NODES` to quantiles at `points`."""
    return np.stack([np.interp(points, NODES, node) for node in np.eye(len(NODES))])


def _points() -> tuple[Floats, Floats, Floats]:
    """Return three coordinates of evenly spread points: those of a Hammersley set in bases 2 and 3."""
    numbers = np.arange(POINTS)
    half = 0.5 / POINTS
    return numbers / POINTS + half, _reversed(numbers, 2) + half, _reversed(numbers, 3)


def _reversed(numbers: npt.NDArray[np.int64], base: int) -> Floats:
    """Return the numbers' digits mirrored at the point (van der Corput)."""
    found, rest, scale = np.zeros(len(numbers)), numbers.copy(), 1.0
    while rest.any():
        scale /= base
        found += scale * (rest % base)
        rest //= base
    return found


def _quantile(draws: Floats, part: float) -> Floats:
    """Return a quantile of each row, between the two draws beside it."""
    position = part * POINTS - 0.5
    below = int(position)
    ordered = np.partition(draws, (below, below + 1), axis=1)
    return np.asarray(ordered[:, below] + (position - below) * (ordered[:, below + 1] - ordered[:, below]))


def _chunks(count: int) -> Iterator[slice]:
    for start in range(0, count, CHUNK_ROWS):
        yield slice(start, start + CHUNK_ROWS)
