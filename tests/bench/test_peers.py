"""How another tool is judged beside the scorecard."""

from collections import Counter

from bench.peers import FOLDS, Row, components, f1, judged


def _rows(families: str) -> list[Row]:
    return [
        {"unique_id": place, "entity_id": family, "family": family.upper(), "fold": ord(family.upper()) % FOLDS}
        for place, family in enumerate(families)
    ]


def test_pairs_below_the_line_do_not_connect() -> None:
    assert len(set(components(3, [(0, 1, 0.9), (1, 2, 0.4)], 0.5))) == 2


def test_line_is_the_one_that_is_best_for_the_other_families() -> None:
    pairs = [(0, 1, 0.9), (2, 3, 0.9), (4, 5, 0.9), (6, 7, 0.9), (1, 2, 0.6), (3, 4, 0.6)]
    assert "lines [0.7, 0.7, 0.7, 0.7]" in judged(_rows("aabbccdd"), pairs)


def test_two_firms_of_one_group_count_neither_as_right_nor_as_wrong() -> None:
    """Upper case is the group of `_rows`, so that a and A are sisters."""
    found = judged(_rows("aaA"), [(0, 1, 0.9), (1, 2, 0.9)])
    assert found.startswith("P 1.000 R 1.000 F1 1.000")
    assert "wrong pairs 0" in found


def test_nothing_joined_is_no_agreement() -> None:
    assert f1(Counter(true=3)) == 0
