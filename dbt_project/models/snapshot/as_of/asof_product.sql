{{ config(materialized='view') }}

-- One row per bill of asof_shipment and product; the fractions of a bill add to 1.

with products as (
    select shipment_id, identifier, hs4, hs_source, fraction
    from {{ ref('fct_shipment_product') }}
    where identifier not in (select late.identifier from {{ ref('late_identifier') }} as late)

    union all

    select shipment_id, identifier, hs4, hs_source, fraction
    from {{ ref('late_product') }}
),

-- codes of one product are one; most bills have one code, and need no grouping
assigned as (
    select shipment_id, identifier, hs4, hs_source, fraction
    from products
    where fraction = 1

    union all

    select
        shipment_id,
        identifier,
        hs4,
        min(hs_source) as hs_source,
        cast(sum(fraction) as decimal(9, 6)) as fraction
    from products
    where fraction < 1
    group by shipment_id, identifier, hs4
)

select
    assigned.shipment_id,
    assigned.identifier,
    coalesce(assigned.hs4, cells.hs4) as hs4,
    case
        when assigned.hs4 is not null then assigned.hs_source
        when cells.hs4 is not null then 'text_model'
        else 'none'
    end as hs_source,
    assigned.fraction
from assigned
left join {{ ref('asof_text_cell') }} as cells on assigned.identifier = cells.identifier and assigned.hs4 is null
