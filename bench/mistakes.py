"""Mistakes of a resolver: firms joined, firms separated, by kind and with examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import duckdb
import pyarrow as pa

EXAMPLES: Final = 3
LONG_CLUSTER: Final = 12
"""Name variants of the largest entity that are shown."""
_GROUNDS: Final = """
create temp table named as
select variant.*, found.entity_id
from variant left join found using (spelling_id)
where firm_id is not null;

-- an unresolved variant is an entity of its own
create temp table placed as
select * replace (coalesce(entity_id, 'none ' || cast(spelling_id as varchar)) as entity_id) from named;

create temp table cell as
select entity_id, party_kind, firm_id, any_value(group_id) as group_id, count(*) as variants,
    min(raw_name) as raw_name, arg_min(raw_address, raw_name) as raw_address
from placed group by entity_id, party_kind, firm_id;

create temp table home as
select party_kind, firm_id, arg_max(entity_id, (variants, entity_id)) as entity_id
from cell group by party_kind, firm_id;

create temp table hard_pair as
select least(firm_id, other_firm_id) as firm_id, greatest(firm_id, other_firm_id) as other_firm_id, hard as kind
from firm where firm_id <> other_firm_id;

create temp table joined as
select
    one.entity_id, one.firm_id, other.firm_id as other_firm_id, one.variants * other.variants as pairs,
    one.raw_name || ' · ' || one.raw_address || '  =/=  ' || other.raw_name || ' · ' || other.raw_address as example,
    case
        when hard_pair.kind is not null then hard_pair.kind
        when one.group_id = other.group_id then 'other_sister'
        -- many pairs of firms are named by one common word
        when mine.hard = its.hard and mine.hard in ('common_brand', 'generic_name', 'single_letters') then mine.hard
        else 'unrelated'
    end as kind
from cell as one
inner join cell as other on one.entity_id = other.entity_id and one.firm_id < other.firm_id
left join hard_pair on one.firm_id = hard_pair.firm_id and other.firm_id = hard_pair.other_firm_id
left join firm as mine on one.firm_id = mine.firm_id
left join firm as its on other.firm_id = its.firm_id;
"""


@dataclass(frozen=True)
class Kind:
    """One kind of mistake.

    Attributes:
        name: kind.
        mistakes: how many: wrong pairs of name variants, or name variants that are lost.
        of: how many there could have been, as the table's heading says.
        examples: some of them.
    """

    name: str
    mistakes: int
    of: int
    examples: list[str]


class Mistakes:
    """Errors of one resolving."""

    def __init__(self, variants: pa.Table, firms: pa.Table, found: pa.Table) -> None:
        """Compare.

        Args:
            variants: with truth (`simulator.known_variants.SCHEMA`).
            firms: `simulator.known_variants.firms_table`.
            found: `spelling_id`, `entity_id`.
        """
        self._connection = duckdb.connect()
        for name, table in (("variant", variants), ("firm", firms), ("found", found)):
            self._connection.register(name, table)
        self._connection.execute(_GROUNDS)

    def joined(self) -> list[Kind]:
        """Firms that share an entity, by what they are to each other: wrong pairs of name variants, and of firms."""
        found = self._connection.execute(
            f"""
            with possible as (
                select kind, count(*) as firms from hard_pair
                where firm_id in (select firm_id from cell) and other_firm_id in (select firm_id from cell)
                group by kind
            )
            select kind, sum(pairs)::bigint, count(distinct (firm_id, other_firm_id)), any_value(possible.firms),
                (array_agg(example order by pairs desc, example))[:{EXAMPLES}]
            from joined left join possible using (kind)
            group by kind order by 2 desc
            """
        ).fetchall()
        return [
            Kind(f"{kind} ({firms} of {possible or '-'} pairs of firms)", pairs, firms, examples)
            for kind, pairs, firms, possible, examples in found
        ]

    def separated(self) -> list[Kind]:
        """Name variants outside their firm's largest entity, by their kinds; of all name variants of the kind."""
        found = self._connection.execute(
            f"""
            with lost as (
                select placed.*, placed.entity_id <> home.entity_id as lost
                from placed inner join home using (party_kind, firm_id)
            ),
            kinds_of as (
                select unnest(case when len(kinds) = 0 then ['none'] else kinds end) as kind, * exclude (kinds)
                from lost
            ),
            main as (
                select party_kind, firm_id, arg_min(raw_name || ' · ' || raw_address, spelling_id) as main_name
                from lost where not lost group by party_kind, firm_id
            )
            select kind, count(*) filter (where lost), count(*),
                (array_agg(raw_name || ' · ' || raw_address || '  of  ' || main_name order by hash(spelling_id))
                    filter (where lost))[:{EXAMPLES}]
            from kinds_of left join main using (party_kind, firm_id)
            group by kind order by 2 desc
            """
        ).fetchall()
        return [Kind(kind, lost, variants, examples or []) for kind, lost, variants, examples in found]

    def largest(self) -> tuple[str, int, int, list[str]]:
        """The largest entity: its id, name variants, firms, and some of its name variants with their firms."""
        return self._row(
            f"""
            select entity_id, count(*), count(distinct firm_id),
                (array_agg(distinct firm_id || ': ' || raw_name order by firm_id || ': ' || raw_name))[:{LONG_CLUSTER}]
            from placed group by entity_id order by 2 desc, 1 limit 1
            """
        )

    def most_mixed(self) -> tuple[str, int, int, list[str]]:
        """The entity with most unrelated firms, likewise."""
        return self._row(
            f"""
            select entity_id, count(*), count(distinct group_id),
                (array_agg(distinct firm_id || ': ' || raw_name order by firm_id || ': ' || raw_name))[:{LONG_CLUSTER}]
            from placed group by entity_id order by 3 desc, 2 desc, 1 limit 1
            """
        )

    def nameless(self) -> tuple[int, int]:
        """Variants without a name that have an entity, and all without a name."""
        return self._row(
            "select count(found.entity_id), count(*) from variant left join found using (spelling_id) "
            "where firm_id is null"
        )

    def _row(self, query: str) -> tuple[object, ...]:
        row = self._connection.execute(query).fetchone()
        assert row is not None
        return row
