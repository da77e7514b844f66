{{ config(touched_by='touched_shipment', touched_key='identifier') }}

-- One row per shipment and harmonised code; several codes share the shipment equally, none is one row without a code.

with shipments as (
    select shipment_id, identifier
    from {{ rebuilt(ref('fct_shipment'), 'touched_shipment', 'identifier') }}
),

codes as (
    select identifier, hs_code, hs4, hs_source
    from {{ ref('int_record_hs') }}
    where {{ touched('touched_shipment', 'identifier') }}
),

numbered as (
    select
        shipments.shipment_id,
        shipments.identifier,
        codes.hs4,
        codes.hs_code,
        coalesce(codes.hs_source, 'none') as hs_source,
        row_number() over (partition by shipments.identifier order by codes.hs_code) as code_number,
        count(*) over (partition by shipments.identifier) as codes
    from shipments
    left join codes on shipments.identifier = codes.identifier
)

select
    shipment_id,
    identifier,
    hs4,
    hs_code,
    hs_source,
    -- running sums are rounded, not the parts, so that the parts add to 1 exactly
    cast(
        round(cast(code_number as double) / codes, 6) - round(cast(code_number - 1 as double) / codes, 6)
        as decimal(9, 6)
    ) as fraction
from numbered
