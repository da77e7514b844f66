"""How unusual a score is among past ones: ranks, the tail beyond them, joining, q."""

import numpy as np
import pytest

from pipeline.detection.mix.reference import joined, q_values, standardised, upper_p


def test_p_is_the_rank_within_and_a_fitted_tail_beyond_the_reference() -> None:
    rng = np.random.default_rng(1)
    reference = rng.exponential(1.0, 20_000)
    values = -np.log(np.array([0.5, 0.1, 0.01, 1e-3, 1e-4, 1e-5]))
    p = upper_p(values, reference)
    assert p[:3] == pytest.approx([0.5, 0.1, 0.01], rel=0.1)
    # Beyond 1 in 20,000 no rank is defined; the tail is, within the factor that 100 exceedances allow.
    for found, true in zip(p[3:], [1e-3, 1e-4, 1e-5], strict=True):
        assert true / 8 < found < true * 8
    assert (np.diff(p) < 0).all()


def test_a_small_reference_never_gives_a_p_of_nothing() -> None:
    assert upper_p(np.array([1e9]), np.arange(20.0)) == pytest.approx(1 / 21)
    assert upper_p(np.array([1e9]), np.array([])) == pytest.approx(1)
    p = upper_p(np.array([1e9]), np.random.default_rng(2).exponential(1.0, 600))
    assert 0 < p[0] < 1 / 600


def test_what_features_explain_is_taken_out() -> None:
    rng = np.random.default_rng(3)
    volume = rng.normal(size=8000)
    score = 2 + 3 * volume + np.exp(0.4 * volume) * rng.normal(size=8000)
    rest = standardised(score, np.stack([np.ones(8000), volume]), np.ones(8000, dtype=bool))
    for low, high in ((-2, -1), (-0.5, 0.5), (1, 2)):
        part = rest[(volume > low) & (volume < high)]
        assert part.mean() == pytest.approx(0, abs=0.15)
        assert part.std() == pytest.approx(rest.std(), rel=0.15)


def test_joining_needs_one_strong_score_or_many_weaker_ones_and_leaves_out_what_is_missing() -> None:
    p = np.array([[0.5, 1e-5, 0.01, np.nan], [0.5, 0.5, 0.01, 0.5], [0.5, 0.5, 0.01, np.nan]])
    none, one, many, missing = joined(p)
    assert none == pytest.approx(-np.log(0.5))
    assert missing == pytest.approx(none)
    assert np.exp(-one) == pytest.approx(3e-5, rel=0.01)
    assert np.exp(-many) == pytest.approx(0.01, rel=0.01)


def test_q_is_that_of_benjamini_and_hochberg() -> None:
    assert q_values(np.array([0.01, 0.04, 0.03, 0.5])) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
