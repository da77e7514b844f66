"""Entities as groups of spellings, from the tables of an index.

Belongs here: which signatures are looked at together, and whose group is whose. Does not belong here: the joining
itself (`cluster`), ids and decisions (`decide`).
"""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.parties.cluster import cluster, components
from pipeline.parties.index import Index

Pair = tuple[int, int]


def all_groups(index: Index) -> pa.Table:
    """Groups over everything: columns `signature`, `head` (the least signature of its group)."""
    connection = index.connection
    nodes = [row[0] for row in connection.execute("select signature from said order by 1").fetchall()]
    scored = connection.execute("select a, b, score from pair order by a, b").fetchall()
    return grouped(nodes, scored)


def touched_groups(index: Index, came: str) -> pa.Table:
    """Groups over what hangs together with the spellings of a table: columns as of `all_groups`.

    Only pairs lead from one signature to the next, so the rest cannot change.

    Args:
        index: holds the pairs.
        came: table of `spelling_id`.
    """
    connection = index.connection
    connection.execute(f"""
        create or replace temp table near as
        select distinct signature from spelling semi join {came} using (spelling_id) where signature is not null;
        create or replace temp view edge as select a, b from pair union all select b, a from pair
    """)
    reached, before = _count(index), -1
    while reached != before:
        connection.execute(
            "insert into near select distinct b from edge semi join near on edge.a = near.signature "
            "anti join near on edge.b = near.signature"
        )
        before, reached = reached, _count(index)
    nodes = [row[0] for row in connection.execute("select signature from near order by 1").fetchall()]
    scored = connection.execute(
        "select a, b, score from pair where a in (select signature from near) order by a, b"
    ).fetchall()
    connection.execute("drop view edge")
    return grouped(nodes, scored)


def _count(index: Index) -> int:
    return int((index.connection.execute("select count(*) from near").fetchone() or (0,))[0])


def grouped(
    nodes: list[int], scored: list[tuple[int, int, float]], must: Iterable[Pair] = (), cannot: Iterable[Pair] = ()
) -> pa.Table:
    """Group whole components.

    Args:
        nodes: signatures.
        scored: pairs among them.
        must: pairs that people have joined.
        cannot: pairs that people have parted.
    """
    must, cannot = list(must), list(cannot)
    parts = components(nodes, [*((a, b) for a, b, _ in scored), *must])
    part_of = {node: number for number, part in enumerate(parts) for node in part}
    by_part: dict[int, list[tuple[int, int, float]]] = {}
    for pair in scored:
        by_part.setdefault(part_of[pair[0]], []).append(pair)
    joined: dict[int, list[Pair]] = {}
    for a, b in must:
        joined.setdefault(part_of[a], []).append((a, b))
    parted: dict[int, list[Pair]] = {}
    for a, b in cannot:
        if part_of[a] == part_of[b]:
            parted.setdefault(part_of[a], []).append((a, b))
    signatures, heads = [], []
    for number, part in enumerate(parts):
        if len(part) == 1:
            found = [part]
        else:
            found = cluster(part, by_part.get(number, ()), joined.get(number, ()), parted.get(number, ()))
        for members in found:
            signatures += members
            heads += [members[0]] * len(members)
    return pa.table({"signature": pa.array(signatures, pa.int64()), "head": pa.array(heads, pa.int64())})
