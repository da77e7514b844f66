"""From groups of name variants to entities and decisions.

An entity's id is the digest of its anchor, the name variant that it was first known by; it stays with that variant
whatever joins or leaves. Where two entities become one, the one that was known first keeps its id.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.entities.matching.cluster import NOT_COMPARED, POWER
from pipeline.entities.matching.entity_attributes import create_entity_attributes
from pipeline.entities.matching.index import Index
from pipeline.entities.matching.reasons import changed_with_reasons, representative_sql
from pipeline.entities.rules import anchor_digest_sql

_MEMBERS: Final = """
create or replace temp table member as
select
    named_variant.*,
    node_group.head,
    node_group.own_head,
    case when named_variant.party_kind = 'supplier' then 'sup_' else 'con_' end
        || {digest} as anchor_entity_id
from named_variant
inner join node_group using (node);

create or replace temp table earlier_entity as
select * from {entities} as known
where
    entity_id in (select anchor_entity_id from member)
    or entity_id in (select entity_id from earlier_decision);

create or replace temp table given_role as
select
    member.head,
    arg_max(override_role.value, override_role.line_order) as role
from override_role
inner join member using (spelling_id)
group by member.head;

create or replace temp table entity_group as
select
    member.head,
    any_value(member.party_kind) as party_kind,
    -- all name variants of a firm have one role: a forwarder's name that is mistyped moves cargo as well
    case
        when any_value(given_role.role) in ('forwarder', 'bank') then any_value(given_role.role)
        when any_value(given_role.role) is not null then 'party'
        else min(member.role)
    end as role,
    arg_min(member.spelling_id, {order}) as anchor_id,
    arg_min(member.own_head, {order}) as anchor_head,
    arg_min(member.anchor_entity_id, {order}) as entity_id
from member
left join earlier_entity as anchored on member.anchor_entity_id = anchored.entity_id
left join given_role on member.head = given_role.head
group by member.head;

create or replace temp table nearest_inside as
select mine.node, max(pair.score) as score, arg_max({representative}, (pair.score, -pair.b)) as nearest
from both_ways as pair
inner join node_group as mine on pair.a = mine.node
inner join node_group as its on pair.b = its.node and mine.own_head = its.own_head
group by mine.node;

create or replace temp table group_size as
select head, count(*) as nodes from node_group group by head;

create or replace temp table nearest_outside as
select head, max(score) as score
from (
    select
        mine.head,
        cbrt(
            power({unknown}, {power})
            + sum(power(pair.score, {power}) - power({unknown}, {power}))
            / (any_value(own.nodes) * any_value(theirs.nodes))
        ) as score
    from both_ways as pair
    inner join node_group as mine on pair.a = mine.node
    inner join node_group as its on pair.b = its.node and mine.head <> its.head
    inner join group_size as own on mine.head = own.head
    inner join group_size as theirs on its.head = theirs.head
    -- what people have split is no doubt
    where
        (mine.head, its.head) not in (
            select one.head, other.head
            from (select a, b from cannot_pair union all select b, a from cannot_pair) as parted
            inner join node_group as one on parted.a = one.node
            inner join node_group as other on parted.b = other.node
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
    entity_group.role,
    case when entity_group.role = 'party' or not member.is_order then entity_group.entity_id end as entity_id,
    case
        when entity_group.role <> 'party' and member.is_order then 'order_to_' || entity_group.role
        when member.spelling_id = entity_group.anchor_id then 'anchor'
        when member.own_head <> entity_group.anchor_head then 'override'
        when member.signature = anchor.signature then 'same_words'
        else 'score'
    end as method,
    case
        when member.spelling_id = entity_group.anchor_id then null
        when member.signature = anchor.signature then 1.0
        when member.own_head = entity_group.anchor_head then round(cast(nearest_inside.score as double), 4)
    end as score,
    member.other_party,
    member.place_country as country_code,
    member.country_source,
    member.place_state as state,
    member.place_city as city,
    member.city_source,
    member.head,
    {representative} as representative,
    case when member.signature <> anchor.signature then nearest_inside.nearest end as nearest
from member
inner join entity_group using (head)
inner join spelling as anchor on entity_group.anchor_id = anchor.spelling_id
left join nearest_inside on member.node = nearest_inside.node

union all

select
    spelling_id, party_kind, raw_name, raw_address, first_run_date, clean_name, is_order, role, null,
    case when role = 'none' then 'no_name' else 'order_to_' || role end, null, other_party,
    place_country, country_source, place_state, place_city, city_source, null, null, null
from spelling
semi join nameless using (spelling_id);
"""


def decide(index: Index, entities: str) -> tuple[pa.Table, pa.Table, dict[str, int]]:
    """Return the decisions and entities that are new or changed.

    Reads these tables of the index's connection: `node_group` (see `cluster.grouped`), `nameless` (spelling_id: new
    ones without a name), `earlier_decision` (the registry's current decisions on all name variants of the groups), and
    those of `override_tables`.

    Args:
        index: has the name variants.
        entities: a query for the registry's current entities.

    Returns:
        Decisions, entities (without `er_version`, `decided_at`), and counts: decided, minted, merged, split.
    """
    connection = index.connection
    order = "(anchored.entity_id is null, member.first_run_date, member.spelling_id)"
    connection.execute(
        _MEMBERS.format(
            entities=entities,
            order=order,
            unknown=NOT_COMPARED,
            power=POWER,
            digest=anchor_digest_sql("named_variant.spelling_id"),
            representative=representative_sql("pair.b"),
        )
    )
    connection.execute(_DECISIONS.format(representative=representative_sql("member.node")))
    create_entity_attributes(connection)
    connection.execute("""
        create or replace temp table changed as
        select decided.*
        from decided
        left join earlier_decision as before using (spelling_id)
        where
            before.spelling_id is null
            or (before.entity_id, before.role, before.country_code, before.city, before.other_party)
            is distinct from (decided.entity_id, decided.role, decided.country_code, decided.city, decided.other_party)
            or spelling_id in (select spelling_id from overridden)
    """)
    decisions = changed_with_reasons(connection)
    entities = connection.execute("""
        with gone as (
            select
                old_id as entity_id,
                arg_max(new_id, is_anchor) as merged_into
            from reassigned
            where old_id not in (select entity_id from entity_row)
            group by old_id
            having bool_or(is_anchor)
        ),
        rows as (
            select
                entity_row.entity_id, entity_row.party_kind, entity_row.entity_name, entity_row.role,
                entity_row.group_id, entity_row.confidence, entity_row.status,
                entity_row.merged_into, origin.old_id as split_from,
                case
                    when before.entity_id is null and origin.old_id is not null then 'split from ' || origin.old_id
                    when entity_row.words is not null then entity_row.words
                    when before.entity_id is null then 'first seen'
                    when before.status <> 'live' then 'a firm of its own again'
                    else 'its spellings changed'
                end as reason
            from entity_row
            left join earlier_entity as before on entity_row.entity_id = before.entity_id
            left join (
                select head, min(old_id) as old_id from reassigned
                where old_id in (select entity_id from entity_row) group by head
            ) as origin on entity_row.head = origin.head and before.entity_id is null
            where
                before.entity_id is null
                or (before.entity_name, before.role, before.group_id, before.confidence, before.status)
                is distinct from (
                    entity_row.entity_name, entity_row.role, entity_row.group_id, entity_row.confidence,
                    entity_row.status
                )
            union all
            select
                before.entity_id, before.party_kind, before.entity_name, before.role, before.group_id,
                before.confidence, 'merged', gone.merged_into, before.split_from,
                'the same firm as ' || gone.merged_into
            from earlier_entity as before
            inner join gone using (entity_id)
            where before.status = 'live'
        )
        select * from rows order by entity_id
    """).to_arrow_table()
    counts = connection.execute("""
        select
            (select count(*) from reported),
            (select count(*) from entity_row anti join earlier_entity using (entity_id)),
            (select count(distinct old_id) from reassigned where old_id not in (select entity_id from entity_row)),
            (select count(distinct old_id) from reassigned where old_id in (select entity_id from entity_row))
    """).fetchone() or (0, 0, 0, 0)
    return decisions, entities, dict(zip(("decided", "minted", "merged", "split"), counts, strict=True))
