"""Entities as groups of spellings, from the tables of an index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.entities.matching.cluster import Scored, cluster, components
from pipeline.entities.matching.index import Index

Pair = tuple[int, int]


def all_groups(index: Index) -> pa.Table:
    """Groups over everything, people unheard: columns as of `grouped`."""
    connection = index.connection
    nodes = [row[0] for row in connection.execute("select signature from said order by 1").fetchall()]
    scored = connection.execute("select a, b, score from pair order by a, b").fetchall()
    return grouped(nodes, scored)


def touched_groups(index: Index, came: str) -> pa.Table:
    """Groups over what hangs together with the spellings of a table, as people have it: columns as of `grouped`.

    Only pairs lead from one node to the next, so the rest cannot change.

    Args:
        index: holds the tables of `decreed.lay_out`.
        came: table of `spelling_id`.
    """
    connection = index.connection
    connection.execute(f"""
        create or replace temp table near as select distinct node from placed semi join {came} using (spelling_id);
        create or replace temp view edge as
        select a, b from both_ways
        union all select a, b from must_pair union all select b, a from must_pair
    """)
    reached, before = _count(index), -1
    while reached != before:
        connection.execute(
            "insert into near select distinct b from edge semi join near on edge.a = near.node "
            "anti join near on edge.b = near.node"
        )
        before, reached = reached, _count(index)
    nodes = [row[0] for row in connection.execute("select node from near order by 1").fetchall()]
    scored = connection.execute(
        "select a, b, score from node_pair where a in (select node from near) order by a, b"
    ).fetchall()
    must, cannot = (
        connection.execute(f"select a, b from {said} where a in (select node from near) order by a, b").fetchall()
        for said in ("must_pair", "cannot_pair")
    )
    connection.execute("drop view edge")
    return grouped(nodes, scored, must, cannot)


def _count(index: Index) -> int:
    return int((index.connection.execute("select count(*) from near").fetchone() or (0,))[0])


def grouped(
    nodes: Iterable[int],
    scored: Sequence[tuple[int, int, float]],
    must: Sequence[Pair] = (),
    cannot: Sequence[Pair] = (),
) -> pa.Table:
    """Group whole components.

    Args:
        nodes: signatures, or the nodes that stand for them.
        scored: pairs among them.
        must: pairs whose groups people have joined.
        cannot: pairs that people have parted; both of a pair are among the nodes.

    Returns:
        Columns `node`, `head` (the first node of its group) and `own_head` (of the group that it has by scores and
        partings alone).
    """
    found: dict[str, list[int]] = {"node": [], "head": [], "own_head": []}
    by_part = _by_part(nodes, scored, must, cannot)
    for part, (near, joined, parted) in by_part:
        if len(part) == 1:
            groups = own_groups = [part]
        else:
            groups = own_groups = cluster(part, near, joined, parted)
            if joined:
                own_groups = cluster(part, near, (), parted)
        own_head = {node: members[0] for members in own_groups for node in members}
        for members in groups:
            found["node"] += members
            found["head"] += [members[0]] * len(members)
            found["own_head"] += [own_head[node] for node in members]
    return pa.table({name: pa.array(column, pa.int64()) for name, column in found.items()})


def _by_part(
    nodes: Iterable[int], scored: Sequence[Scored], must: Sequence[Pair], cannot: Sequence[Pair]
) -> Iterator[tuple[list[int], tuple[list[Scored], list[Pair], list[Pair]]]]:
    """Each component with its own pairs."""
    parts = components(nodes, [*((a, b) for a, b, _ in scored), *must])
    part_of = {node: number for number, part in enumerate(parts) for node in part}
    own: dict[int, tuple[list[Scored], list[Pair], list[Pair]]] = {}
    for pair in scored:
        own.setdefault(part_of[pair[0]], ([], [], []))[0].append(pair)
    for said, place in ((must, 1), (cannot, 2)):
        for a, b in said:
            # of two that nothing brings together, none needs parting
            if part_of[a] == part_of.get(b):
                own.setdefault(part_of[a], ([], [], []))[place].append((a, b))  # type: ignore[arg-type]
    for number, part in enumerate(parts):
        yield part, own.get(number, ([], [], []))
