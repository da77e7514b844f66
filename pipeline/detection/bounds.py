"""Sampling interval of a share of bills that come in bursts (docs/metrics.md, "The interval")."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.special import betaincinv  # type: ignore[import-untyped]

from pipeline.detection.activity import Floats
from pipeline.thresholds import threshold

LEVEL: Final = threshold("interval_level")
DIGITS: Final = 9
"""Kept of a quantile: scipy's inverse of the incomplete beta function agrees to so many digits on every machine."""

SEEN_HITS: Final = 0.2
"""Added to the shipments of a pair that was seen. In two worlds of known truth (docs/benchmarks.md) the interval holds
the share of the supplier in .86 and .92 of pairs, of the buyer in .85 and .81; with 1/2 .80, .91, .82 and .80, and
wider."""


def beta_interval(share: Floats, independent_bills: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Return both ends of Beta(x n + 1/2, (1 - x) n + 1/2); not a number where share or bills are none."""
    tail = (1 - level) / 2
    hits, misses = share * independent_bills + 0.5, (1 - share) * independent_bills + 0.5
    low, high = (np.round(betaincinv(hits, misses, point), DIGITS) for point in (tail, 1 - tail))
    return low, high


def pair_interval(share: Floats, shipments: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Return both ends of Beta(x n + 0.2, (1 - x) n + 1/2), with the share itself inside; of a pair that has bills.

    A pair is a row because it was seen, so that few shipments overstate its share: others of its kind were not seen.
    Where all shipments are the pair's the upper end is 1.
    """
    tail = (1 - level) / 2
    # most rows are of few different pairs of both: one in ten of a million bills
    different, where = np.unique(share + 1j * shipments, return_inverse=True)
    hits = different.real * different.imag + SEEN_HITS
    misses = (1 - different.real) * different.imag + 0.5
    low, high = (np.round(betaincinv(hits, misses, point), DIGITS)[where] for point in (tail, 1 - tail))
    return np.fmin(low, share), np.fmax(high, share)


def share_bounds(share: Floats, bills: Floats, phi: Floats) -> tuple[Floats, Floats]:
    """Return the interval, widened to include the share itself, where `phi` bills come together on average."""
    low, high = beta_interval(share, bills / np.maximum(phi, 1))
    return np.minimum(share, low), np.maximum(share, high)
