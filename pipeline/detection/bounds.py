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


def beta_interval(share: Floats, independent_bills: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Return both ends of Beta(x n + 1/2, (1 - x) n + 1/2); not a number where share or bills are none."""
    tail = (1 - level) / 2
    hits, misses = share * independent_bills + 0.5, (1 - share) * independent_bills + 0.5
    low, high = (np.round(betaincinv(hits, misses, point), DIGITS) for point in (tail, 1 - tail))
    return low, high


def share_bounds(share: Floats, bills: Floats, phi: Floats) -> tuple[Floats, Floats]:
    """Return the interval, widened to include the share itself, where `phi` bills come together on average."""
    low, high = beta_interval(share, bills / np.maximum(phi, 1))
    return np.minimum(share, low), np.maximum(share, high)
