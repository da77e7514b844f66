{{ config(changed_by='int_changed_entity', changed_key={'supplier_id': 'entity_id'}) }}

with name_variants as (
    select * from {{ ref('int_party_name_variant') }}
    where
        party_kind = 'supplier'
        and entity_id is not null
        and {{ changed('int_changed_entity', 'entity_id') }}
),

countries as (
    select distinct country_code from {{ ref('country_names') }}
),

-- an entity's location is that of its first name variant; an order's only where no bill names it itself
ranked as (
    select
        name_variants.*,
        countries.country_code as known_country_code,
        row_number() over (
            partition by name_variants.entity_id
            order by
                name_variants.is_order,
                name_variants.first_run_date,
                name_variants.raw_name,
                name_variants.raw_address
        ) as name_rank
    from name_variants
    left join countries on name_variants.country_code = countries.country_code
),

located as (
    select
        entity_id,
        {{ first_known('known_country_code', 'name_rank') }} as country_code,
        {{ first_known('city', 'name_rank') }} as city,
        min(first_run_date) as first_seen_date,
        max(last_run_date) as last_seen_date,
        count(*) as spellings
    from ranked
    group by entity_id
)

select
    located.entity_id as supplier_id,
    entities.entity_name as supplier_name,
    located.country_code,
    located.city,
    entities.role,
    located.first_seen_date,
    located.last_seen_date,
    located.spellings,
    entities.confidence,
    entities.group_id
from located
left join {{ ref('int_party_entity') }} as entities on located.entity_id = entities.entity_id
