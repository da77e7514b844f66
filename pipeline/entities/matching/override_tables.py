"""What people decided, as tables beside the index: who must and cannot stand together, names, roles and groups.

Spellings that say the same share a node, their signature. A spelling that people keep apart gets a node of its own (a
number below zero), which is to all others what its signature is and is tied to it, so that it goes with the rest of
its signature wherever it may.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.entities.matching.index import Index
from pipeline.entities.overrides.file import Overrides
from pipeline.warehouse.connection import take_up

_NODES: Final = """
create or replace temp table own_node as
select placed.spelling_id, -1 - placed.spelling_id as node, placed.signature
from spelling as placed
where
    placed.signature is not null
    and placed.spelling_id in (select a from said_cannot union select b from said_cannot);

create or replace temp view placed as
select spelling.*, coalesce(own_node.node, spelling.signature) as node
from spelling
left join own_node using (spelling_id)
where spelling.signature is not null;

create or replace temp table left_empty as
select signature from own_node
where signature not in (select node from placed semi join own_node using (signature) where node >= 0);

create or replace temp view node_pair as
select a, b, score from pair
where a not in (select signature from left_empty) and b not in (select signature from left_empty)
union all
select least(own_node.node, other.node), greatest(own_node.node, other.node), near.score
from own_node
inner join (
    select a, b, score from pair union all select b, a, score from pair
    union all select signature, signature, 1.0 from own_node group by signature
) as near on own_node.signature = near.a
inner join (
    select signature as node, signature from spelling
    where spelling_id = signature and signature not in (select signature from left_empty)
    union all
    select node, signature from own_node
) as other on near.b = other.signature
-- a pair of two own nodes comes from both sides
where other.node >= 0 or own_node.node < other.node;

create or replace temp view both_ways as
select a, b, score from node_pair union all select b, a, score from node_pair;

create or replace temp table must_pair as
select distinct least(one.node, other.node) as a, greatest(one.node, other.node) as b
from said_must as said
inner join placed as one on said.a = one.spelling_id
inner join placed as other on said.b = other.spelling_id
where one.node <> other.node;

create or replace temp table cannot_pair as
select distinct least(one.node, other.node) as a, greatest(one.node, other.node) as b
from said_cannot as said
inner join placed as one on said.a = one.spelling_id
inner join placed as other on said.b = other.spelling_id;
"""


def lay_out(index: Index, overrides: Overrides, before: Iterable[int] = ()) -> tuple[str, ...]:
    """Make the tables; returns warnings of lines about a spelling that names nobody, which change nothing.

    Tables: `placed` (spellings that name somebody, each with its `node`), `node_pair` (a, b, score), `both_ways`
    (each pair from either side), `must_pair` and
    `cannot_pair` (a, b: nodes), `decreed` (spelling_id, words: null where people said something of it earlier),
    `said_name`, `said_role` (spelling_id, place, value) and `said_group` (spelling_id, place, head_id: null for none).

    Args:
        index: holds all spellings.
        overrides: in force.
        before: spellings that the overrides in force at the last look were about.
    """
    connection = index.connection
    pair = pa.schema([("a", pa.int64()), ("b", pa.int64())])
    for name, pairs in (("said_must", overrides.must), ("said_cannot", overrides.cannot)):
        take_up(connection, name, pa.Table.from_pylist([{"a": a, "b": b} for a, b in pairs], schema=pair))
    for name, said in (("said_name", overrides.names), ("said_role", overrides.roles)):
        rows = [{"spelling_id": key, "place": place, "value": value} for place, (key, value) in enumerate(said.items())]
        take_up(connection, name, pa.Table.from_pylist(rows, schema=_SAID))
    heads = [
        {"spelling_id": key, "place": place, "head_id": head}
        for place, (key, head) in enumerate(overrides.groups.items())
    ]
    take_up(connection, "said_group", pa.Table.from_pylist(heads, schema=_GROUPED))
    named = {spelling for line in overrides.lines for spelling in line.spelling_ids}
    words = [{"spelling_id": key, "words": "; ".join(overrides.words_about(key)) or None} for key in {*named, *before}]
    take_up(connection, "decreed", pa.Table.from_pylist(words, schema=_DECREED))
    connection.execute(_NODES)
    nobody = connection.execute(
        "select raw_name from spelling semi join decreed using (spelling_id) where signature is null order by 1"
    ).fetchall()
    return tuple(f"people's decision on {name!r} changes nothing: it names nobody" for (name,) in nobody)


_SAID: Final = pa.schema([("spelling_id", pa.int64()), ("place", pa.int32()), ("value", pa.string())])
_GROUPED: Final = pa.schema([("spelling_id", pa.int64()), ("place", pa.int32()), ("head_id", pa.int64())])
_DECREED: Final = pa.schema([("spelling_id", pa.int64()), ("words", pa.string())])
