"""Average linkage: no chain, people first, the same in any order."""

import random

from pipeline.entities.matching.cluster import cluster, components


def test_a_bridge_does_not_join_two_firms() -> None:
    left = [(1, 2, 0.99), (1, 3, 0.99), (2, 3, 0.99)]
    right = [(4, 5, 0.99), (4, 6, 0.99), (5, 6, 0.99)]
    assert cluster([1, 2, 3, 4, 5, 6], [*left, *right, (3, 4, 0.9)]) == [[1, 2, 3], [4, 5, 6]]


def test_a_mean_above_the_line_joins() -> None:
    assert cluster([1, 2, 3], [(1, 2, 0.9), (2, 3, 0.9), (1, 3, 0.2)]) == [[1, 2, 3]]


def test_must_and_cannot_pairs_prevail_over_scores() -> None:
    assert cluster([1, 2], [], must=[(1, 2)]) == [[1, 2]]
    assert cluster([1, 2, 3], [(1, 2, 0.99), (2, 3, 0.98), (1, 3, 0.97)], cannot=[(1, 3)]) == [[1, 2], [3]]


def test_clusters_do_not_depend_on_the_order_of_input() -> None:
    draw = random.Random(3)
    nodes = list(range(30))
    scored = [(a, b, round(draw.random(), 2)) for a in nodes for b in nodes if a < b and draw.random() < 0.3]
    expected = cluster(nodes, scored)
    for _ in range(5):
        draw.shuffle(scored)
        assert cluster(draw.sample(nodes, len(nodes)), scored) == expected


def test_components() -> None:
    assert components([5, 1, 2, 3, 4], [(1, 2), (4, 5)]) == [[1, 2], [3], [4, 5]]


def test_sure_pairs_outweigh_two_names_without_a_word_in_common() -> None:
    old_names, new_names = [(1, 2, 0.99)], [(3, 4, 0.99)]
    between = [(1, 3, 0.9), (2, 4, 0.9), (1, 4, 0.05), (2, 3, 0.05)]
    assert cluster([1, 2, 3, 4], [*old_names, *new_names, *between]) == [[1, 2, 3, 4]]
