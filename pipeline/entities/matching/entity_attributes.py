"""What is told of an entity: its name, role, group, and how sure it is that it is one firm and no more."""

from __future__ import annotations

from typing import Final

import duckdb

_MAKERS: Final = r"\b(MANUFACTUR|MFG|FACTORY|FTY|MILLS?\b|WORKS\b|INDUSTR|FABRI|SANAYI|FOUNDRY|PLANT\b)"
_TRADERS: Final = r"\b(TRADING|TRADERS?|IMPORTS?\b|EXPORTS?\b|IMP\b|EXP\b|IMPEX|COMERCIO|TICARET)"
_SELLERS: Final = r"\b(STORES?|RETAIL(ERS)?|SUPERMARKETS?|OUTFITTERS|SHOPS?)\b"
"""What a firm's name says that it does."""

_PORTRAITS: Final = """
create or replace temp table named as
select
    head,
    arg_min(raw_name, (first_run_date, spelling_id)) filter (plain and spelling_id = anchor_id) as anchor_name,
    arg_min(raw_name, (first_run_date, spelling_id)) filter (plain) as plain_name,
    arg_min(clean_name, (first_run_date, spelling_id)) as any_name,
    bool_or(regexp_matches(clean_name, '{makers}')) as makes,
    bool_or(regexp_matches(clean_name, '{traders}')) as trades,
    bool_or(regexp_matches(clean_name, '{sellers}')) as sells
from (
    select
        member.*,
        grouped.anchor_id,
        not is_order and length(trim(raw_name)) < 33
        and not regexp_matches(upper(raw_name), '(O/B|OBO|F/A/O|C/O|ON BEHALF)') as plain
    from member
    inner join grouped using (head)
)
group by head;

create or replace temp table told_name as
select member.head, arg_max(said_name.value, said_name.place) as entity_name
from said_name
inner join member using (spelling_id)
group by member.head;

create or replace temp table told_group as
select member.head, arg_max(coalesce(theirs.entity_id, ''), said_group.place) as group_id
from said_group
inner join member using (spelling_id)
left join member as its on said_group.head_id = its.spelling_id
left join grouped as theirs on its.head = theirs.head
group by member.head;

create or replace temp table told_words as
select head, string_agg(words, '; ' order by words) as words
from (
    select distinct member.head, decreed.words
    from decreed
    inner join member using (spelling_id)
)
group by head;

create or replace temp table linked as
select wanted.head, min(coalesce(within.score, 1.0)) as score
from wanted
inner join sized on wanted.head = sized.head and sized.nodes > 1
left join within using (node)
group by wanted.head;

create or replace temp table made as
select
    grouped.entity_id,
    grouped.party_kind,
    coalesce(told_name.entity_name, named.anchor_name, named.plain_name, named.any_name) as entity_name,
    case
        when cast_role.role <> 'party' then cast_role.role
        when grouped.role in ('forwarder', 'bank') then grouped.role
        when named.sells then 'retailer'
        when named.makes then 'manufacturer'
        when named.trades then 'trader'
        else 'unknown'
    end as role,
    case
        when told_group.head is not null then nullif(told_group.group_id, '')
        when grouped.entity_id in (select group_id from told_group) then grouped.entity_id
    end as group_id,
    round(cast(least(coalesce(linked.score, 1.0), 1.0 - coalesce(outside.score, 0.0)) as double), 4) as confidence,
    'live' as status,
    cast(null as varchar) as merged_into,
    told_words.words,
    grouped.head
from grouped
inner join named using (head)
left join cast_role using (head)
left join told_name using (head)
left join told_group using (head)
left join told_words using (head)
left join linked using (head)
left join outside using (head);

create or replace temp table moved as
select distinct
    before.entity_id as old_id,
    member.head,
    grouped.entity_id as new_id,
    member.own_id = before.entity_id as is_anchor
from member
inner join grouped using (head)
inner join known_decision as before using (spelling_id)
where before.entity_id is not null and before.entity_id <> grouped.entity_id;
"""


def portray(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `made` (a row an entity of the groups looked at), `moved` and `told_words` from the tables of `decide`."""
    connection.execute(_PORTRAITS.format(makers=_MAKERS, traders=_TRADERS, sellers=_SELLERS))
