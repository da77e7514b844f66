"""The measures against examples that are worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from bench.agreement import at_line, average_precision, b_cubed, best_f1, pairwise, within

TRUE = np.array(["a", "a", "a", "b", "b", "c"])
FOUND = np.array([1, 1, 2, 2, 2, 3])
"""Found together: {a a} {a b b} {c}. Pairs: true 3 + 1, found 1 + 3, both: one of a, one of b."""


def test_pairs_are_counted_by_hand() -> None:
    measured = pairwise(TRUE, FOUND)
    assert (measured.precision, measured.recall) == (2 / 4, 2 / 4)
    assert measured.f1 == 0.5


def test_b_cubed_is_worked_by_hand() -> None:
    measured = b_cubed(TRUE, FOUND)
    # items in turn: two of a alone, one of a beside two of b, two of b, c
    assert measured.precision == pytest.approx((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3 + 1) / 6)
    assert measured.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1 + 1) / 6)


def test_the_truth_agrees_with_itself_under_any_names() -> None:
    renamed = np.array([7, 7, 7, 1, 1, 0])
    for measure in (pairwise, b_cubed):
        assert measure(TRUE, renamed).f1 == 1


def test_one_group_and_no_groups_are_the_two_extremes() -> None:
    heap, alone = np.zeros(6), np.arange(6)
    assert pairwise(TRUE, heap).recall == 1
    assert pairwise(TRUE, heap).precision == 4 / 15
    assert pairwise(TRUE, alone).precision == 1
    assert pairwise(TRUE, alone).recall == 0
    assert b_cubed(TRUE, alone).recall == pytest.approx((3 * 1 / 3 + 2 * 1 / 2 + 1) / 6)


def test_empty_input_agrees_fully() -> None:
    nothing = np.array([], dtype=np.int64)
    assert pairwise(nothing, nothing).f1 == b_cubed(nothing, nothing).f1 == 1


def test_pairs_within_a_group_leave_all_others_out() -> None:
    # a and b are sisters; c is none, and is found beside a sister
    group = np.array(["g", "g", "g", "g", "g", "c"])
    found = np.array([1, 1, 2, 2, 2, 2])
    measured = within(group, TRUE, found)
    assert (measured.precision, measured.recall) == (2 / 4, 2 / 4)
    assert pairwise(TRUE, found).precision == 2 / 7


def test_a_million_items_are_measured_without_pairs() -> None:
    true = np.arange(1_000_000) // 4
    measured = pairwise(true, true // 2)
    assert measured.recall == 1
    assert measured.precision == pytest.approx(12 / 28)
    assert b_cubed(true, true // 2).precision == pytest.approx(0.5)


def test_average_precision_is_worked_by_hand() -> None:
    match = np.array([True, False, True, False])
    score = np.array([0.9, 0.8, 0.7, 0.1])
    assert average_precision(match, score) == pytest.approx((1 / 1 + 2 / 3) / 2)
    assert average_precision(match, -score) == pytest.approx((1 / 2 + 2 / 4) / 2)


def test_pairs_of_one_score_count_together_in_any_order() -> None:
    score = np.full(4, 0.5)
    for match in ([True, True, False, False], [False, False, True, True]):
        assert average_precision(np.array(match), score) == 0.5


def test_the_best_line_and_a_given_one() -> None:
    match = np.array([True, False, True, False])
    score = np.array([0.9, 0.8, 0.7, 0.1])
    f1, line = best_f1(match, score)
    assert (f1, line) == (pytest.approx(0.8), 0.7)
    measured = at_line(match, score, 0.75)
    assert (measured.precision, measured.recall) == (0.5, 0.5)
    assert at_line(match, score, 0.7).recall == 1
