{{ config(changed_by='int_changed_entity', changed_key={'supplier_id': 'entity_id'}) }}

with name_variants as (
    select * from {{ ref('int_party_name_variant') }}
    where
        party_kind = 'supplier'
        and entity_id is not null
        and {{ changed('int_changed_entity', 'entity_id') }}
),

bills as (
    select
        shipper_spelling_id as spelling_id,
        count(*) as bills,
        sum(coalesce(weight_kg, 0)) as weight_kg
    from {{ ref('int_record') }}
    where shipper_spelling_id in (select variants.spelling_id from name_variants as variants)
    group by shipper_spelling_id
),

-- an entity's location is that of its first name variant, places stated before those that its name suggests; an
-- order's only where no bill names it itself
ranked as (
    select
        name_variants.*,
        row_number() over (
            partition by name_variants.entity_id
            order by
                name_variants.is_order,
                coalesce(name_variants.country_source in ('name', 'legal_form'), false),
                name_variants.first_run_date,
                name_variants.raw_name,
                name_variants.raw_address
        ) as place_rank,
        -- the weight of one record more, so that a variant without weight counts as well
        coalesce(bills.weight_kg, 0) + 1 as weight
    from name_variants
    left join bills on name_variants.spelling_id = bills.spelling_id
),

-- its name is the one on most bills that is complete and no order; of several the longest, with its legal form
named as (
    select
        name_variants.entity_id,
        name_variants.raw_name,
        row_number() over (
            partition by name_variants.entity_id
            order by sum(coalesce(bills.bills, 0)) desc, length(name_variants.raw_name) desc, name_variants.raw_name
        ) as name_rank
    from name_variants
    left join bills on name_variants.spelling_id = bills.spelling_id
    where
        not name_variants.is_order
        and name_variants.other_party is null
        and length(trim(name_variants.raw_name)) < {{ name_width() }} - 2
    group by name_variants.entity_id, name_variants.raw_name
),

located as (
    select
        entity_id,
        {{ first_known('city', 'place_rank') }} as city,
        {{ first_known('city_source', 'place_rank') }} as city_source,
        {{ first_known('country_code', 'place_rank') }} as country_code,
        {{ first_known('country_source', 'place_rank') }} as country_source,
        min(first_run_date) as first_seen_date,
        max(last_run_date) as last_seen_date,
        count(*) as spellings,
        sum(coalesce(score, 1) * weight) / sum(weight) as link_score
    from ranked
    group by entity_id
)

select
    located.entity_id as supplier_id,
    -- a name that people gave is none that a bill has
    case when written.entity_id is null then entities.entity_name else named.raw_name end as supplier_name,
    located.country_code,
    located.city,
    entities.role,
    located.first_seen_date,
    located.last_seen_date,
    located.spellings,
    round(located.link_score, 4) as confidence,
    entities.group_id,
    located.country_source,
    located.city_source
from located
left join {{ ref('int_party_entity') }} as entities on located.entity_id = entities.entity_id
left join named on located.entity_id = named.entity_id and named.name_rank = 1
left join named as written on located.entity_id = written.entity_id and entities.entity_name = written.raw_name
