from __future__ import annotations

import numpy as np
import pytest

from pipeline.quality.intervals import ALPHA, BURST, count_interval, share_interval

EVIDENCE = BURST * np.log(1 / ALPHA)


def test_nothing_seen_of_n_has_the_closed_form_of_its_bound() -> None:
    low, high = share_interval([0, 57], [57, 57])
    edge = np.exp(-EVIDENCE / 57)
    assert low[0] == 0
    assert high[0] == pytest.approx(1 - edge)
    assert low[1] == pytest.approx(edge)
    assert high[1] == 1


def test_no_rows_leave_the_share_open() -> None:
    low, high = share_interval([0], [0])
    assert (low[0], high[0]) == (0, 1)


def test_edges_match_exactly_the_evidence() -> None:
    low, high = share_interval([30], [400])
    for edge in (low[0], high[0]):
        distance = 0.075 * np.log(0.075 / edge) + 0.925 * np.log(0.925 / (1 - edge))
        assert 400 * distance == pytest.approx(EVIDENCE, rel=1e-6)
    assert low[0] < 0.075 < high[0]


def test_intervals_narrow_with_the_rows() -> None:
    of = np.array([10, 100, 1_000, 10_000, 1_000_000])
    low, high = share_interval(of / 10, of)
    assert (np.diff(high - low) < 0).all()
    assert high[-1] - low[-1] < 0.005


def test_counts_have_the_closed_form_at_none_and_match_the_evidence() -> None:
    low, high = count_interval([0, 200])
    assert (low[0], high[0]) == (0, pytest.approx(EVIDENCE))
    for edge in (low[1], high[1]):
        assert edge - 200 + 200 * np.log(200 / edge) == pytest.approx(EVIDENCE, rel=1e-6)
    assert low[1] < 200 < high[1]


def test_limit_on_the_truth_itself_is_passed_as_rarely_as_promised() -> None:
    """Bills in bookings of one to five that share their fate: the worst case that the band allows."""
    draws = np.random.default_rng(20261102)
    truth, bookings, days = 0.25, 40, 20_000
    sizes = draws.integers(1, 6, size=(days, bookings))
    hits = (sizes * (draws.random((days, bookings)) < truth)).sum(axis=1)
    low, high = share_interval(hits, sizes.sum(axis=1))
    missed = float(((low > truth) | (high < truth)).mean())
    assert missed <= 2 * ALPHA
