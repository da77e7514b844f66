"""The sampling interval inverts the distribution function that defines it."""

from __future__ import annotations

import numpy as np
from scipy.stats import beta  # type: ignore[import-untyped]

from pipeline.detection.bounds import beta_interval, pair_interval, share_bounds


def test_interval_inverts_the_distribution() -> None:
    """Over shares and bills of any size; nine digits of a quantile are kept."""
    shares, counts = np.meshgrid(np.linspace(0, 1, 41), np.geomspace(1, 1e6, 25))
    share, bills = shares.ravel(), counts.ravel()
    a, b = share * bills + 0.5, (1 - share) * bills + 0.5
    for quantile, point in zip(beta_interval(share, bills, 0.9), (0.05, 0.95), strict=True):
        assert np.all(beta.cdf(quantile - 1e-9, a, b) <= point)
        assert np.all(beta.cdf(quantile + 1e-9, a, b) >= point)


def test_bounds_include_the_share_and_widen_with_bursts() -> None:
    share, bills = np.array([0.0, 0.3, 1.0]), np.array([40.0, 40.0, 40.0])
    low, high = share_bounds(share, bills, np.array([1.0, 1.0, 1.0]))
    assert np.all(low <= share)
    assert np.all(share <= high)
    wider_low, wider_high = share_bounds(share, bills, np.array([4.0, 4.0, 4.0]))
    assert np.all(wider_low <= low)
    assert np.all(high <= wider_high)


def test_interval_of_a_pair_includes_its_share_and_lets_few_shipments_be_chance() -> None:
    share, shipments = np.array([0.001, 0.5, 1.0, np.nan]), np.array([2.0, 2.0, 3.0, np.nan])
    low, high = pair_interval(share, shipments, 0.9)
    assert np.all(low[:3] <= share[:3])
    assert np.all(share[:3] <= high[:3])
    assert high[2] == 1
    assert low[1] < beta_interval(share, shipments, 0.9)[0][1]
    assert np.isnan([low[3], high[3]]).all()
