-- One row per bill with a side that is linked to its party below the line of certainty: the volume that may be another
-- firm's.

with uncertain as (
    select spelling_id
    from {{ ref('int_party_name_variant') }}
    where entity_id is not null and score < {{ threshold('uncertain_link_score') }}
),

sides as (
    select
        identifier,
        true as supplier_is_uncertain,
        false as consignee_is_uncertain
    from {{ ref('int_record') }}
    where shipper_spelling_id in (select uncertain.spelling_id from uncertain)

    union all

    select
        identifier,
        false as supplier_is_uncertain,
        true as consignee_is_uncertain
    from {{ ref('int_record') }}
    where consignee_spelling_id in (select uncertain.spelling_id from uncertain)
)

select
    identifier,
    bool_or(supplier_is_uncertain) as supplier_is_uncertain,
    bool_or(consignee_is_uncertain) as consignee_is_uncertain
from sides
group by identifier
