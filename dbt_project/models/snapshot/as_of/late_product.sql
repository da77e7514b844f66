-- One row per late bill and harmonised code, as fct_shipment_product would have had it.

with shipments as (
    select shipment_id, identifier
    from {{ ref('late_bill') }}
),

codes as (
    {{ rows_in(ref('int_record_hs'), 'identifier', 'shipments') }}
),

{{ shipment_products('shipments', 'codes') }}

select
    shipment_id,
    identifier,
    hs4,
    hs_source,
    fraction
from products
