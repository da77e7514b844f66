"""The attributes of an entity: its name, role, group, and the confidence that it is one whole firm."""

from __future__ import annotations

from typing import Final

import duckdb

_MAKERS: Final = r"\b(MANUFACTUR|MFG|FACTORY|FTY|MILLS?\b|WORKS\b|INDUSTR|FABRI|SANAYI|FOUNDRY|PLANT\b)"
_TRADERS: Final = r"\b(TRADING|TRADERS?|IMPORTS?\b|EXPORTS?\b|IMP\b|EXP\b|IMPEX|COMERCIO|TICARET)"
_RETAILERS: Final = r"\b(STORES?|RETAIL(ERS)?|SUPERMARKETS?|OUTFITTERS|SHOPS?)\b"
"""Words of a name from which the firm's role follows."""

_ATTRIBUTES: Final = """
create or replace temp table named as
select
    head,
    -- the name that most variants have; of several the longest, which has its legal form
    arg_max(raw_name, (variants, length(raw_name), -spelling_id)) filter (plain) as plain_name,
    arg_max(clean_name, (variants, length(clean_name), -spelling_id)) as any_name,
    arg_min(group_key, (first_run_date, spelling_id)) filter (group_key is not null) as group_key,
    bool_or(regexp_matches(clean_name, '{makers}')) as makes,
    bool_or(regexp_matches(clean_name, '{traders}')) as trades,
    bool_or(regexp_matches(clean_name, '{retailers}')) as sells
from (
    select
        *,
        count(*) over (partition by head, clean_name) as variants,
        not is_order and length(trim(raw_name)) < 33 and other_party is null as plain
    from member
)
group by head;

create or replace temp table given_name as
select member.head, arg_max(override_name.value, override_name.line_order) as entity_name
from override_name
inner join member using (spelling_id)
group by member.head;

create or replace temp table given_group as
select member.head, arg_max(coalesce(theirs.entity_id, ''), override_group.line_order) as group_id
from override_group
inner join member using (spelling_id)
left join member as its on override_group.head_id = its.spelling_id
left join entity_group as theirs on its.head = theirs.head
group by member.head;

create or replace temp table override_reason as
select head, string_agg(words, '; ' order by words) as words
from (
    select distinct member.head, overridden.words
    from overridden
    inner join member using (spelling_id)
)
group by head;

create or replace temp table mean_link as
select node_group.head, avg(coalesce(nearest_inside.score, 1.0)) as score
from node_group
inner join group_size on node_group.head = group_size.head and group_size.nodes > 1
left join nearest_inside using (node)
group by node_group.head;

create or replace temp table entity_row as
select
    entity_group.entity_id,
    entity_group.party_kind,
    coalesce(given_name.entity_name, named.plain_name, named.any_name) as entity_name,
    case
        when given_role.role <> 'party' then given_role.role
        when entity_group.role in ('forwarder', 'bank') then entity_group.role
        when named.sells then 'retailer'
        when named.makes then 'manufacturer'
        when named.trades then 'trader'
        else 'unknown'
    end as role,
    case
        when given_group.head is not null then nullif(given_group.group_id, '')
        when entity_group.entity_id in (select group_id from given_group) then entity_group.entity_id
        else named.group_key
    end as group_id,
    round(
        cast(least(coalesce(mean_link.score, 1.0), 1.0 - coalesce(nearest_outside.score, 0.0)) as double), 4
    ) as confidence,
    'live' as status,
    cast(null as varchar) as merged_into,
    override_reason.words,
    entity_group.head
from entity_group
inner join named using (head)
left join given_role using (head)
left join given_name using (head)
left join given_group using (head)
left join override_reason using (head)
left join mean_link using (head)
left join nearest_outside using (head);

create or replace temp table reassigned as
select distinct
    before.entity_id as old_id,
    member.head,
    entity_group.entity_id as new_id,
    member.anchor_entity_id = before.entity_id as is_anchor
from member
inner join entity_group using (head)
inner join earlier_decision as before using (spelling_id)
where before.entity_id is not null and before.entity_id <> entity_group.entity_id;
"""


def create_entity_attributes(connection: duckdb.DuckDBPyConnection) -> None:
    """Create `entity_row` (a row per group), `reassigned` and `override_reason` from the tables of `decide`."""
    connection.execute(_ATTRIBUTES.format(makers=_MAKERS, traders=_TRADERS, retailers=_RETAILERS))
