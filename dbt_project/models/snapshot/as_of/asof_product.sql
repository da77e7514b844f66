-- One row per bill of asof_shipment and product, by the choices of the week; the fractions of a bill add to 1.

with bills as (
    select shipment_id, identifier, supplier_id, text_key
    from {{ ref('asof_shipment') }}
),

codes as (
    select * from {{ ref('int_record_hs') }}
),

choices as (
    select * from {{ source('weekly', 'product_choices') }}
),

{{ chosen_products('bills', 'codes', 'choices') }},

-- codes of one product are one; most bills have one code, and need no grouping
assigned as (
    select shipment_id, identifier, hs4, hs_source, product_probability, fraction
    from products
    where fraction = 1

    union all

    select
        shipment_id,
        identifier,
        hs4,
        min(hs_source) as hs_source,
        max(product_probability) as product_probability,
        cast(sum(fraction) as decimal(9, 6)) as fraction
    from products
    where fraction < 1
    group by shipment_id, identifier, hs4
)

select
    shipment_id,
    identifier,
    hs4,
    case when hs4 is not null then hs_source else 'none' end as hs_source,
    product_probability,
    fraction
from assigned
