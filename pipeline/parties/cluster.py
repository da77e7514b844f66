"""Who belongs together, given the scores of pairs: average linkage.

Two groups are joined while the mean score over all pairs between them is high enough; a pair that was never compared
counts as nearly certain to be different. So one bridge between two firms does not join them, as it does where any
chain of pairs counts.

Belongs here: joining under must and cannot. Does not belong here: scores.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from typing import Final

JOINED_FROM: Final = 0.5
"""Mean score from which two groups are one firm."""
NOT_COMPARED: Final = 0.02
"""What a pair that shares no key counts."""

Scored = tuple[int, int, float]


def components(nodes: Iterable[int], edges: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Nodes that hang together, each component in order, components by their least node."""
    parent = {node: node for node in nodes}

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for a, b in edges:
        a, b = root(a), root(b)
        if a != b:
            parent[max(a, b)] = min(a, b)
    found: dict[int, list[int]] = {}
    for node in sorted(parent):
        found.setdefault(root(node), []).append(node)
    return list(found.values())


def cluster(
    nodes: Sequence[int],
    scored: Sequence[Scored],
    must: Iterable[tuple[int, int]] = (),
    cannot: Iterable[tuple[int, int]] = (),
) -> list[list[int]]:
    """Partition `nodes`.

    Args:
        nodes: all of one component.
        scored: pairs of them with their scores; others count `NOT_COMPARED`.
        must: pairs that are joined whatever their score.
        cannot: pairs that never come to stand together; none may contradict `must`.

    Returns:
        Groups, each in order; the same for the same input in any order.
    """
    groups = {members[0]: members for members in components(nodes, must)}
    at = {node: head for head, members in groups.items() for node in members}
    sums: dict[int, dict[int, float]] = {head: {} for head in groups}
    for a, b, score in sorted(scored):
        a, b = at[a], at[b]
        if a != b:
            sums[a][b] = sums[b][a] = sums[a].get(b, 0.0) + score - NOT_COMPARED
    apart: dict[int, set[int]] = {}
    for a, b in cannot:
        apart.setdefault(at[a], set()).add(at[b])
        apart.setdefault(at[b], set()).add(at[a])

    def mean(a: int, b: int) -> float:
        return NOT_COMPARED + sums[a][b] / (len(groups[a]) * len(groups[b]))

    heap = [(-mean(a, b), a, b) for a in sums for b in sums[a] if a < b]
    heapq.heapify(heap)
    while heap:
        least, a, b = heapq.heappop(heap)
        if -least < JOINED_FROM:
            break
        if a not in groups or b not in groups or -least != mean(a, b) or b in apart.get(a, ()):
            continue
        groups[a] = groups[a] + groups.pop(b)
        del sums[a][b]
        for other, score in sums.pop(b).items():
            if other != a:
                del sums[other][b]
                sums[a][other] = sums[other][a] = sums[a].get(other, 0.0) + score
        if b in apart:
            for other in apart.pop(b):
                apart[other].discard(b)
                apart[other].add(a)
                apart.setdefault(a, set()).add(other)
        for other in sums[a]:
            heapq.heappush(heap, (-mean(min(a, other), max(a, other)), min(a, other), max(a, other)))
    return sorted(sorted(members) for members in groups.values())
