{{ config(touched_by='touched_entity', touched_key={'consignee_id': 'entity_id'}) }}

-- One row per consignee that a bill names.

with spellings as (
    select * from {{ ref('int_party_spelling') }}
    where
        party_kind = 'consignee'
        and entity_id is not null
        and {{ touched('touched_entity', 'entity_id') }}
),

countries as (
    select distinct country_code from {{ ref('country_names') }}
),

-- an entity is called and placed as its first spelling has it; an order names it only when no bill does so itself
ranked as (
    select
        spellings.*,
        countries.country_code as known_country_code,
        row_number() over (
            partition by spellings.entity_id
            order by spellings.is_order, spellings.first_run_date, spellings.raw_name, spellings.raw_address
        ) as name_place
    from spellings
    left join countries on spellings.country_code = countries.country_code
)

select
    entity_id as consignee_id,
    max(case when name_place = 1 then case when is_order then clean_name else raw_name end end) as consignee_name,
    {{ first_known('state', 'name_place') }} as state,
    {{ first_known('city', 'name_place') }} as city,
    {{ first_known('known_country_code', 'name_place') }} as country_code,
    min(role) as role,
    min(first_run_date) as first_seen_date,
    max(last_run_date) as last_seen_date,
    count(*) as spellings,
    -- an entity is one cleaned spelling: nothing was inferred
    cast(1 as double) as confidence
from ranked
group by entity_id
