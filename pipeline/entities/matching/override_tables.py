"""Decisions of people as tables of the index: pairs that must or cannot be one entity, names, roles and groups.

Name variants that say the same share a node, their signature. A variant that people split from another gets a node of
its own (a number below zero) with the pairs of its signature, and a pair with its signature, so that it stays with the
rest of its signature wherever it may.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.entities.matching.index import Index
from pipeline.entities.overrides.load import Overrides
from pipeline.warehouse.connection import create_temp_table

_NODES: Final = """
create or replace temp table own_node as
select spelling_id, -1 - spelling_id as node, signature
from spelling
where
    signature is not null
    and spelling_id in (select a from cannot_variant union select b from cannot_variant);

create or replace temp view named_variant as
select spelling.*, coalesce(own_node.node, spelling.signature) as node
from spelling
left join own_node using (spelling_id)
where spelling.signature is not null;

create or replace temp table left_empty as
select signature from own_node
where signature not in (select node from named_variant semi join own_node using (signature) where node >= 0);

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
from must_variant as pair
inner join named_variant as one on pair.a = one.spelling_id
inner join named_variant as other on pair.b = other.spelling_id
where one.node <> other.node;

create or replace temp table cannot_pair as
select distinct least(one.node, other.node) as a, greatest(one.node, other.node) as b
from cannot_variant as pair
inner join named_variant as one on pair.a = one.spelling_id
inner join named_variant as other on pair.b = other.spelling_id;
"""


def create_override_tables(index: Index, overrides: Overrides, before: Iterable[int] = ()) -> tuple[str, ...]:
    """Create the tables; return warnings about lines on a name variant that names no party, which change nothing.

    Tables: `named_variant` (variants with a name, each with its `node`), `node_pair` (a, b, score), `both_ways` (each
    pair from either side), `must_pair` and `cannot_pair` (a, b: nodes), `overridden` (spelling_id, words: null where
    only earlier overrides concern it), `override_name`, `override_role` (spelling_id, line_order, value) and
    `override_group` (spelling_id, line_order, head_id: null for no group).

    Args:
        index: has all name variants.
        overrides: in force.
        before: name variants that the overrides of the last run concerned.
    """
    connection = index.connection
    for name, pairs in (("must_variant", overrides.must), ("cannot_variant", overrides.cannot)):
        create_temp_table(connection, name, pa.Table.from_pylist([{"a": a, "b": b} for a, b in pairs], schema=_PAIR))
    for name, values in (("override_name", overrides.names), ("override_role", overrides.roles)):
        rows = [{"spelling_id": key, "line_order": n, "value": value} for n, (key, value) in enumerate(values.items())]
        create_temp_table(connection, name, pa.Table.from_pylist(rows, schema=_VALUE))
    heads = [
        {"spelling_id": key, "line_order": n, "head_id": id_} for n, (key, id_) in enumerate(overrides.groups.items())
    ]
    create_temp_table(connection, "override_group", pa.Table.from_pylist(heads, schema=_HEAD))
    concerned = {spelling_id for line in overrides.lines for spelling_id in line.spelling_ids} | set(before)
    words = [{"spelling_id": key, "words": "; ".join(overrides.sentences_about(key)) or None} for key in concerned]
    create_temp_table(connection, "overridden", pa.Table.from_pylist(words, schema=_WORDS))
    connection.execute(_NODES)
    nameless = connection.execute(
        "select raw_name from spelling semi join overridden using (spelling_id) where signature is null order by 1"
    ).fetchall()
    return tuple(f"the override of {name!r} changes nothing: it names no party" for (name,) in nameless)


_PAIR: Final = pa.schema([("a", pa.int64()), ("b", pa.int64())])
_VALUE: Final = pa.schema([("spelling_id", pa.int64()), ("line_order", pa.int32()), ("value", pa.string())])
_HEAD: Final = pa.schema([("spelling_id", pa.int64()), ("line_order", pa.int32()), ("head_id", pa.int64())])
_WORDS: Final = pa.schema([("spelling_id", pa.int64()), ("words", pa.string())])
