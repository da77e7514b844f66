"""The plain resolver, for tests of the registry and the tables: an entity is its cleaned words."""

from __future__ import annotations

from contextlib import closing
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.entities import registry
from pipeline.entities.names.words import SEEDS
from pipeline.entities.night import Resolution
from pipeline.settings import Settings
from pipeline.warehouse.connection import create_temp_table, engine
from tests.entities.registered import read_entities

FORWARDERS: Final = SEEDS / "forwarder_names.csv"
BEHIND: Final = r"(?:^|[^A-Z0-9])(?:O/B|OBO|F/A/O|C/O)(?: +OF\b)?[ .:]*(.+)$"
ORDER: Final = r"^(TO (THE )?ORDER|UNTO (THE )?ORDER|(THE )?ORDER OF )"
ORDERED: Final = r"^(TO|UNTO)? ?(THE )?ORDER( OF\b)?"
BANK: Final = r"\b(BANK|BANCO|BANQUE|BANKASI|BANCA)\b"
MOVES_CARGO: Final = (
    r"\b(FREIGHT|FORWARDING|FORWARDERS?|LOGISTICS?|NVOCC|CONSOLIDATORS?|SHIPPING AGENC(Y|IES)|CARGO SERVICES?)\b"
)
LETTER: Final = r"[\pL\pN]"
NO_NAMES: Final = ("", "N A", "NA", "NONE", "NOT AVAILABLE", "UNKNOWN", "SAME AS CONSIGNEE", "SAME AS SHIPPER")
DECIDE: Final = f"""
create temp table decided as
with words as (
    select *, clean(regexp_extract(upper(raw_name), '{BEHIND}', 1)) as behind
    from new
),
whole as (select *, coalesce(nullif(behind, ''), clean(raw_name)) as whole_name from words),
ordered as (
    select
        *,
        regexp_matches(whole_name, '{ORDER}') as is_order,
        case
            when regexp_matches(whole_name, '{ORDER}') then trim(regexp_replace(whole_name, '{ORDERED}', ''))
            else whole_name
        end as clean_name
    from whole
),
judged as (
    select
        *,
        case
            -- a lone mark may become a letter in upper case
            when clean_name in {NO_NAMES} or not regexp_matches(raw_name, '{LETTER}') then 'none'
            when regexp_matches(clean_name, '{BANK}') then 'bank'
            when regexp_matches(clean_name, '{MOVES_CARGO}') or exists (
                from listed where starts_with(ordered.clean_name || ' ', listed.name || ' ')
            ) then 'forwarder'
            else 'party'
        end as role
    from ordered
)
select
    spelling_id, party_kind, raw_name, raw_address, first_run_date, clean_name, is_order, role,
    case
        when role <> 'none' and not (is_order and role <> 'party')
            then left(party_kind, 3) || '_' || left(md5(clean_name), 16)
    end as entity_id,
    case when entity_id is null then 'no_name' else 'same_words' end as method,
    cast(1 as double) as score,
    case
        when is_order and entity_id is not null then 'the order names this party'
        when is_order then 'to-order bill that names no party'
        when entity_id is null then 'no name'
        else 'same words: ' || clean_name
    end as reasons,
    cast(null as varchar) as other_party, nullif(country_code, '') as country_code,
    case when country_code <> '' then 'column' end as country_source,
    nullif(state, '') as state, nullif(city, '') as city, case when city <> '' then 'column' end as city_source
from judged
"""
ENTITIES: Final = """
select
    entity_id,
    any_value(party_kind) as party_kind,
    -- an order names an entity only when no bill does so itself
    arg_min(
        case when is_order then clean_name else raw_name end, (is_order, first_run_date, raw_name, raw_address)
    ) as entity_name,
    min(role) as role,
    cast(null as varchar) as group_id,
    cast(1 as double) as confidence,
    'live' as status,
    cast(null as varchar) as merged_into,
    cast(null as varchar) as split_from,
    'same words' as reason
from (
    select * from decided
    union all by name
    select * exclude (er_version, decided_at) from before semi join decided using (entity_id)
)
where entity_id is not null
group by entity_id
"""


class SameWords:
    """Joins equal words only; heeds no overrides."""

    model: str = "m0"

    def __call__(self, settings: Settings, new: pa.Table) -> Resolution:
        """Decide on `new`; entities come with it where their name or they themselves are new."""
        with closing(engine(settings)) as connection:
            create_temp_table(connection, "new", new)
            create_temp_table(connection, "before", registry.read_decisions(settings))
            create_temp_table(connection, "known", read_entities(settings))
            connection.execute(
                r"create macro clean(words) as trim(regexp_replace(upper(words), '[^\pL\pN]+', ' ', 'g'))"
            )
            connection.execute(
                "create temp table listed as select column0 as name from read_csv(?, skip = 1, header = false)",
                [str(FORWARDERS)],
            )
            connection.execute(DECIDE)
            changed = f"""
                select made.* from ({ENTITIES}) as made
                left join known on made.entity_id = known.entity_id
                where known.entity_name is distinct from made.entity_name
                order by made.entity_id
            """
            decisions = connection.execute("select * from decided order by spelling_id").to_arrow_table()
            entities = connection.execute(changed).to_arrow_table()
        known = set(read_entities(settings)["entity_id"].to_pylist())
        minted = sum(key not in known for key in entities["entity_id"].to_pylist())
        return Resolution(decisions, entities, {"minted": minted, "merged": 0, "split": 0})
