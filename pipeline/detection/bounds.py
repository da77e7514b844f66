"""Sampling bounds of a share of bills that come in bursts: METRICS, "Two shares, with bounds"."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.special import betaincinv  # type: ignore[import-untyped]

from pipeline.detection.activity import Floats

TAIL: Final = 0.05
"""At each end: 90 %."""
DIGITS: Final = 9
"""Kept: the same on every machine."""


def share_bounds(share: Floats, bills: Floats, phi: Floats) -> tuple[Floats, Floats]:
    """Both ends of Beta(x n / phi + 1/2, (1 - x) n / phi + 1/2)."""
    alone = bills / np.maximum(phi, 1)
    ends = [betaincinv(share * alone + 0.5, (1 - share) * alone + 0.5, point) for point in (TAIL, 1 - TAIL)]
    return np.minimum(share, np.round(ends[0], DIGITS)), np.maximum(share, np.round(ends[1], DIGITS))
