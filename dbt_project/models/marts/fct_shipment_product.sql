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

{{ products_of('shipments', 'codes') }}
