"""Who belongs together, given the scores of pairs: average linkage.

Two groups are joined while the mean score over all pairs between them is high enough; a pair that was never compared
counts as nearly certain to be different. So one bridge between two firms does not join them, as it does where any
chain of pairs counts.
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
    must: Sequence[tuple[int, int]] = (),
    cannot: Sequence[tuple[int, int]] = (),
) -> list[list[int]]:
    """Partition `nodes`.

    Args:
        nodes: all of one component.
        scored: pairs of them with their scores; others count `NOT_COMPARED`.
        must: pairs whose groups are one, whatever their score.
        cannot: pairs that never come to stand together; none may contradict `must`.

    Returns:
        Groups, each in order; the same for the same input in any order.
    """
    if not must and not cannot:
        return by_scores(nodes, scored)
    kin = {node: members for members in components(nodes, must) for node in members}
    apart = {pair for a, b in cannot for x in kin[a] for y in kin[b] for pair in ((x, y), (y, x))}
    natural = by_scores(nodes, scored, apart)
    at = {node: members[0] for members in natural for node in members}
    united = components(sorted(set(at.values())), [(at[a], at[b]) for a, b in must])
    whole = [sorted(node for node in nodes if at[node] in heads) for heads in map(set, united)]
    # scores may have brought along who cannot stay: those whom people did not name with the others leave
    groups = []
    for members in whole:
        leaving = {node for node in members if len(kin[node]) == 1 and any((node, other) in apart for other in members)}
        groups += [[node for node in members if node not in leaving], *([node] for node in sorted(leaving))]
    return sorted(members for members in groups if members)


def by_scores(nodes: Iterable[int], scored: Iterable[Scored], apart: Iterable[tuple[int, int]] = ()) -> list[list[int]]:
    """Join the two nearest groups until none are near enough; `apart` (both ways round) never come together."""
    groups = {node: [node] for node in sorted(nodes)}
    sums: dict[int, dict[int, float]] = {head: {} for head in groups}
    for a, b, score in sorted(scored):
        sums[a][b] = sums[b][a] = sums[a].get(b, 0.0) + score - NOT_COMPARED
    barred: dict[int, set[int]] = {}
    for a, b in apart:
        barred.setdefault(a, set()).add(b)

    def mean(a: int, b: int) -> float:
        return NOT_COMPARED + sums[a][b] / (len(groups[a]) * len(groups[b]))

    heap = [(-mean(a, b), a, b) for a in sums for b in sums[a] if a < b]
    heapq.heapify(heap)
    while heap:
        least, a, b = heapq.heappop(heap)
        if -least < JOINED_FROM:
            break
        if a not in groups or b not in groups or -least != mean(a, b) or b in barred.get(a, ()):
            continue
        groups[a] = groups[a] + groups.pop(b)
        del sums[a][b]
        for other, score in sums.pop(b).items():
            if other != a:
                del sums[other][b]
                sums[a][other] = sums[other][a] = sums[a].get(other, 0.0) + score
        for other in barred.pop(b, ()):
            barred[other].discard(b)
            barred[other].add(a)
            barred.setdefault(a, set()).add(other)
        for other in sums[a]:
            heapq.heappush(heap, (-mean(min(a, other), max(a, other)), min(a, other), max(a, other)))
    return sorted(sorted(members) for members in groups.values())
