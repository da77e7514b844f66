"""Clusters of name variants by the cubic mean of the scores of pairs.

Two groups are joined while the mean over all pairs between them is high enough; a pair that was never compared counts
as nearly certain to be different. So one bridge between two firms does not join them, as it does where any chain of
pairs counts. The mean of third powers lets the sure pairs of a firm with several names outweigh those of two names
that have no word in common: with the plain mean every seventh pair of foreign firms with aliases was lost in groups,
not in scores.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.entities.matching.index import Index, row_count
from pipeline.entities.matching.score import REFUSED

JOINED_FROM: Final = 0.55
"""Mean score from which two groups are one firm."""
POWER: Final = 3
"""Of the scores in a mean."""
NOT_COMPARED: Final = 0.02
"""Score of a pair that shares no key."""

Pair = tuple[int, int]
Scored = tuple[int, int, float]


def components(nodes: Iterable[int], edges: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the connected components, each in order, ordered by their least node."""
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
    """Return a partition of `nodes`.

    Args:
        nodes: all of one component.
        scored: pairs of them with their scores; others count `NOT_COMPARED`.
        must: pairs whose groups are one, whatever their score.
        cannot: pairs that are never in one group; none may contradict `must`.

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
    # scores may have added nodes that cannot stay: those that people did not name with the others leave
    groups = []
    for members in whole:
        leaving = {node for node in members if len(kin[node]) == 1 and any((node, other) in apart for other in members)}
        groups += [[node for node in members if node not in leaving], *([node] for node in sorted(leaving))]
    return sorted(members for members in groups if members)


def by_scores(nodes: Iterable[int], scored: Sequence[Scored], apart: Iterable[tuple[int, int]] = ()) -> list[list[int]]:
    """Join the two nearest groups until none are near enough.

    Pairs in `apart` (in both orders) and pairs with the score `REFUSED` are never joined, not even by a third between.
    """
    groups = {node: [node] for node in sorted(nodes)}
    sums: dict[int, dict[int, float]] = {head: {} for head in groups}
    for a, b, score in sorted(scored):
        sums[a][b] = sums[b][a] = sums[a].get(b, 0.0) + score**POWER - NOT_COMPARED**POWER
    barred: dict[int, set[int]] = {}
    refused = [(a, b) for a, b, score in scored if score == REFUSED]
    for one, other in (*apart, *refused, *((b, a) for a, b in refused)):
        barred.setdefault(one, set()).add(other)

    def mean(a: int, b: int) -> float:
        return float(NOT_COMPARED**POWER + sums[a][b] / (len(groups[a]) * len(groups[b])))

    heap = [(-mean(a, b), a, b) for a in sums for b in sums[a] if a < b]
    heapq.heapify(heap)
    while heap:
        least, a, b = heapq.heappop(heap)
        if -least < JOINED_FROM**POWER:
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


def all_groups(index: Index) -> pa.Table:
    """Return the groups of everything without overrides, in the columns of `grouped`."""
    connection = index.connection
    nodes = [row[0] for row in connection.execute("select signature from said order by 1").fetchall()]
    scored = connection.execute("select a, b, score from pair order by a, b").fetchall()
    return grouped(nodes, scored)


def affected_groups(index: Index, variants: str) -> pa.Table:
    """Return the groups of what is connected with some name variants, under overrides, in the columns of `grouped`.

    Only pairs lead from one node to the next, so that the rest cannot change.

    Args:
        index: has the tables of `override_tables`.
        variants: table of `spelling_id`.
    """
    connection = index.connection
    connection.execute(f"""
        create or replace temp table connected as
        select distinct node from named_variant semi join {variants} using (spelling_id);
        create or replace temp view edge as
        select a, b from both_ways
        union all select a, b from must_pair union all select b, a from must_pair
    """)
    reached, before = row_count(connection, "connected"), -1
    while reached != before:
        connection.execute(
            "insert into connected select distinct b from edge semi join connected on edge.a = connected.node "
            "anti join connected on edge.b = connected.node"
        )
        before, reached = reached, row_count(connection, "connected")
    nodes = [row[0] for row in connection.execute("select node from connected order by 1").fetchall()]
    within = "where a in (select node from connected) order by a, b"
    scored = connection.execute(f"select a, b, score from node_pair {within}").fetchall()
    must, cannot = (
        connection.execute(f"select a, b from {table} {within}").fetchall() for table in ("must_pair", "cannot_pair")
    )
    connection.execute("drop view edge")
    return grouped(nodes, scored, must, cannot)


def grouped(
    nodes: Iterable[int], scored: Sequence[Scored], must: Sequence[Pair] = (), cannot: Sequence[Pair] = ()
) -> pa.Table:
    """Return the groups of whole components.

    Args:
        nodes: signatures, or the nodes that represent them.
        scored: pairs among them.
        must: pairs whose groups people have joined.
        cannot: pairs that people have split; both of a pair are among the nodes.

    Returns:
        Columns `node`, `head` (the first node of its group) and `own_head` (of its group without `must`).
    """
    found: dict[str, list[int]] = {"node": [], "head": [], "own_head": []}
    for part, (part_scored, part_must, part_cannot) in _by_component(nodes, scored, must, cannot):
        groups = own_groups = cluster(part, part_scored, part_must, part_cannot) if len(part) > 1 else [part]
        if part_must:
            own_groups = cluster(part, part_scored, (), part_cannot)
        own_head = {node: members[0] for members in own_groups for node in members}
        for members in groups:
            found["node"] += members
            found["head"] += [members[0]] * len(members)
            found["own_head"] += [own_head[node] for node in members]
    return pa.table({name: pa.array(column, pa.int64()) for name, column in found.items()})


def _by_component(
    nodes: Iterable[int], scored: Sequence[Scored], must: Sequence[Pair], cannot: Sequence[Pair]
) -> Iterator[tuple[list[int], tuple[list[Scored], list[Pair], list[Pair]]]]:
    """Yield each component with its pairs of each sort."""
    parts = components(nodes, [*((a, b) for a, b, _ in scored), *must])
    part_of = {node: number for number, part in enumerate(parts) for node in part}
    pairs: dict[int, tuple[list[Scored], list[Pair], list[Pair]]] = {}
    for number, pair in ((part_of[pair[0]], pair) for pair in scored):
        pairs.setdefault(number, ([], [], []))[0].append(pair)
    for a, b in must:
        pairs.setdefault(part_of[a], ([], [], []))[1].append((a, b))
    for a, b in cannot:
        if part_of[a] == part_of.get(b):  # two that nothing connects need no split
            pairs.setdefault(part_of[a], ([], [], []))[2].append((a, b))
    for number, part in enumerate(parts):
        yield part, pairs.get(number, ([], [], []))
