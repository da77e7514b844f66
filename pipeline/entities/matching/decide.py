"""From groups of spellings to entities and decisions.

An entity's id is made of its anchor, the spelling that it was first known by; it stays with that spelling whatever
joins or leaves. Where two entities become one, the one that was known first keeps its id.
"""

from __future__ import annotations

from typing import Final

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.entities.matching.cluster import NOT_COMPARED
from pipeline.entities.matching.entity_attributes import portray
from pipeline.entities.matching.index import Index
from pipeline.entities.matching.work import explain_all
from pipeline.entities.rules import anchor_digest_sql
from pipeline.warehouse.connection import append

_MEMBERS: Final = """
create or replace temp table member as
select
    placed.*,
    wanted.head,
    wanted.own_head,
    case when placed.party_kind = 'supplier' then 'sup_' else 'con_' end
        || {digest} as own_id
from placed
inner join wanted using (node);

create or replace temp table known_entity as
select * from {entities} as known
where
    entity_id in (select own_id from member)
    or entity_id in (select entity_id from known_decision);

create or replace temp table cast_role as
select
    member.head,
    arg_max(said_role.value, said_role.place) as role
from said_role
inner join member using (spelling_id)
group by member.head;

create or replace temp table grouped as
select
    member.head,
    any_value(member.party_kind) as party_kind,
    -- all spellings of a firm play one role: a forwarder's name that is mistyped moves cargo as well
    case
        when any_value(cast_role.role) in ('forwarder', 'bank') then any_value(cast_role.role)
        when any_value(cast_role.role) is not null then 'party'
        else min(member.role)
    end as role,
    arg_min(member.spelling_id, {order}) as anchor_id,
    arg_min(member.own_head, {order}) as anchor_head,
    arg_min(member.own_id, {order}) as entity_id
from member
left join known_entity as minted on member.own_id = minted.entity_id
left join cast_role on member.head = cast_role.head
group by member.head;

create or replace temp table within as
select mine.node, max(pair.score) as score, arg_max({face}, (pair.score, -pair.b)) as nearest
from both_ways as pair
inner join wanted as mine on pair.a = mine.node
inner join wanted as its on pair.b = its.node and mine.own_head = its.own_head
group by mine.node;

create or replace temp table sized as
select head, count(*) as nodes from wanted group by head;

create or replace temp table outside as
select head, max(score) as score
from (
    select
        mine.head,
        {unknown} + sum(pair.score - {unknown}) / (any_value(own.nodes) * any_value(theirs.nodes)) as score
    from both_ways as pair
    inner join wanted as mine on pair.a = mine.node
    inner join wanted as its on pair.b = its.node and mine.head <> its.head
    inner join sized as own on mine.head = own.head
    inner join sized as theirs on its.head = theirs.head
    -- whom people have parted is no doubt
    where
        (mine.head, its.head) not in (
            select one.head, other.head
            from (select a, b from cannot_pair union all select b, a from cannot_pair) as parted
            inner join wanted as one on parted.a = one.node
            inner join wanted as other on parted.b = other.node
        )
    group by mine.head, its.head
)
group by head;
"""

_DECISIONS: Final = """
create or replace temp table decided as
select
    member.spelling_id,
    member.party_kind,
    member.raw_name,
    member.raw_address,
    member.first_run_date,
    member.clean_name,
    member.is_order,
    grouped.role,
    case when grouped.role = 'party' or not member.is_order then grouped.entity_id end as entity_id,
    case
        when grouped.role <> 'party' and member.is_order then 'order_to_' || grouped.role
        when member.spelling_id = grouped.anchor_id then 'anchor'
        when member.own_head <> grouped.anchor_head then 'override'
        when member.signature = anchor.signature then 'same_words'
        else 'score'
    end as method,
    case
        when member.spelling_id = grouped.anchor_id then null
        when member.signature = anchor.signature then 1.0
        when member.own_head = grouped.anchor_head then round(cast(within.score as double), 4)
    end as score,
    member.head,
    {face} as face,
    case when member.signature <> anchor.signature then within.nearest end as nearest
from member
inner join grouped using (head)
inner join spelling as anchor on grouped.anchor_id = anchor.spelling_id
left join within on member.node = within.node

union all

select
    spelling_id, party_kind, raw_name, raw_address, first_run_date, clean_name, is_order, role, null,
    case when role = 'none' then 'no_name' else 'order_to_' || role end, null, null, null, null
from spelling
semi join nameless using (spelling_id);
"""


def decide(index: Index, entities: str) -> tuple[pa.Table, pa.Table, dict[str, int]]:
    """Decisions and entities that are new or changed.

    Reads these tables of the index's connection: `wanted` (the groups looked at, see `groups.grouped`), `nameless`
    (spelling_id: new ones that name nobody), `known_decision` (the registry's last word on all spellings of the
    groups), and those of `decreed`.

    Args:
        index: holds the spellings.
        entities: a query for the registry's last word on all entities.

    Returns:
        Decisions, entities (without `er_version`, `decided_at`), and counts: decided, minted, merged, split.
    """
    connection = index.connection
    order = "(minted.entity_id is null, member.first_run_date, member.spelling_id)"
    connection.execute(
        _MEMBERS.format(
            entities=entities,
            order=order,
            unknown=NOT_COMPARED,
            digest=anchor_digest_sql("placed.spelling_id"),
            face=face_sql("pair.b"),
        )
    )
    connection.execute(_DECISIONS.format(face=face_sql("member.node")))
    portray(connection)
    connection.execute("""
        create or replace temp table changed as
        select decided.*
        from decided
        left join known_decision as before using (spelling_id)
        where
            before.spelling_id is null
            or (before.entity_id, before.role) is distinct from (decided.entity_id, decided.role)
            or spelling_id in (select spelling_id from decreed)
    """)
    decisions = _with_reasons(connection)
    entities = connection.execute("""
        with gone as (
            select
                old_id as entity_id,
                arg_max(new_id, is_anchor) as merged_into
            from moved
            where old_id not in (select entity_id from made)
            group by old_id
            having bool_or(is_anchor)
        ),
        rows as (
            select
                made.entity_id, made.party_kind, made.entity_name, made.role, made.group_id, made.confidence,
                made.status, made.merged_into, origin.old_id as split_from,
                case
                    when before.entity_id is null and origin.old_id is not null then 'split from ' || origin.old_id
                    when made.words is not null then made.words
                    when before.entity_id is null then 'first seen'
                    when before.status <> 'live' then 'a firm of its own again'
                    else 'its spellings changed'
                end as reason
            from made
            left join known_entity as before on made.entity_id = before.entity_id
            left join (
                select head, min(old_id) as old_id from moved
                where old_id in (select entity_id from made) group by head
            ) as origin on made.head = origin.head and before.entity_id is null
            where
                before.entity_id is null
                or (before.entity_name, before.role, before.group_id, before.confidence, before.status)
                is distinct from (made.entity_name, made.role, made.group_id, made.confidence, made.status)
            union all
            select
                before.entity_id, before.party_kind, before.entity_name, before.role, before.group_id,
                before.confidence, 'merged', gone.merged_into, before.split_from,
                'the same firm as ' || gone.merged_into
            from known_entity as before
            inner join gone using (entity_id)
            where before.status = 'live'
        )
        select * from rows order by entity_id
    """).to_arrow_table()
    counts = connection.execute("""
        select
            (select count(*) from told),
            (select count(*) from made anti join known_entity using (entity_id)),
            (select count(distinct old_id) from moved where old_id not in (select entity_id from made)),
            (select count(distinct old_id) from moved where old_id in (select entity_id from made))
    """).fetchone() or (0, 0, 0, 0)
    return decisions, entities, dict(zip(("decided", "minted", "merged", "split"), counts, strict=True))


def face_sql(node: str) -> str:
    """The spelling that stands for a node, in SQL."""
    return f"case when {node} < 0 then -1 - {node} else {node} end"


def _with_reasons(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """The changed decisions with the strongest reasons of each in words."""
    pairs = connection.execute(
        "select distinct face as a, nearest as b from changed where nearest is not null order by 1, 2"
    ).to_arrow_table()
    looked_at = connection.execute(
        "select spelling_id, reading from spelling where spelling_id in "
        "(select face from changed where nearest is not null union select nearest from changed) order by spelling_id"
    ).to_arrow_table()
    connection.execute("create or replace temp table explained (a bigint, b bigint, reasons varchar)")
    for told in explain_all(pairs, looked_at):
        append(connection, "explained", told)
    connection.execute("""
        create or replace temp table told as
        with reasoned as (
            select
                changed.* exclude (head, face, nearest),
                concat_ws(
                    '; ',
                    -- who came along with a firm that people merged, came by their words as well
                    coalesce(decreed.words, case when changed.method = 'override' then told_words.words end),
                    case changed.method
                        when 'anchor' then 'the spelling that this firm was first known by'
                        when 'same_words' then 'the same words, number and place as the first spelling'
                        when 'no_name' then 'nobody is named'
                        when 'override' then coalesce(explained.reasons, 'joined with its firm')
                        when 'score' then explained.reasons
                        else 'an order to a bank or forwarder names no firm'
                    end
                ) as reasons
            from changed
            left join decreed using (spelling_id)
            left join told_words on changed.head = told_words.head
            left join explained on changed.face = explained.a and changed.nearest = explained.b
        )
        select reasoned.*
        from reasoned
        left join known_decision as before using (spelling_id)
        where
            (before.entity_id, before.role, before.method, before.reasons)
            is distinct from (reasoned.entity_id, reasoned.role, reasoned.method, reasoned.reasons)
    """)
    return connection.execute("select * from told order by spelling_id").to_arrow_table()
