{{ config(changed_by='int_changed_shipment', changed_key='identifier') }}

with shipments as (
    select shipment_id, identifier
    from {{ rebuilt(ref('fct_shipment'), 'int_changed_shipment', 'identifier') }}
),

codes as (
    select identifier, hs_code, hs4, hs_source
    from {{ ref('int_record_hs') }}
    where {{ changed('int_changed_shipment', 'identifier') }}
),

{{ shipment_products('shipments', 'codes') }}

select
    shipment_id,
    identifier,
    hs4,
    hs_code,
    hs_source,
    fraction
from products
