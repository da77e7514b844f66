{{ config(changed_by='int_changed_entity', changed_key={'consignee_id': 'entity_id'}) }}

-- One row per consignee that a bill names.

with spellings as (
    select * from {{ ref('int_party_name_variant') }}
    where
        party_kind = 'consignee'
        and entity_id is not null
        and {{ changed('int_changed_entity', 'entity_id') }}
),

countries as (
    select distinct country_code from {{ ref('country_names') }}
),

-- an entity is placed as its first spelling has it, as an order has it only when no bill does so itself
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
),

placed as (
    select
        entity_id,
        {{ first_known('state', 'name_place') }} as state,
        {{ first_known('city', 'name_place') }} as city,
        {{ first_known('known_country_code', 'name_place') }} as country_code,
        min(first_run_date) as first_seen_date,
        max(last_run_date) as last_seen_date,
        count(*) as spellings
    from ranked
    group by entity_id
)

select
    placed.entity_id as consignee_id,
    entities.entity_name as consignee_name,
    placed.state,
    placed.city,
    placed.country_code,
    entities.role,
    placed.first_seen_date,
    placed.last_seen_date,
    placed.spellings,
    entities.confidence,
    entities.group_id
from placed
left join {{ ref('int_party_entity') }} as entities on placed.entity_id = entities.entity_id
