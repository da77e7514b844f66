{{ config(changed_by='int_changed_shipment', changed_key='identifier') }}

with bills as (
    select shipment_id, identifier, supplier_id, text_key
    from {{ rebuilt(ref('fct_shipment'), 'int_changed_shipment', 'identifier') }}
),

codes as (
    select * from {{ ref('int_record_hs') }}
    where {{ changed('int_changed_shipment', 'identifier') }}
),

choices as (
    select * from {{ ref('int_product_choice') }}
),

{{ chosen_products('bills', 'codes', 'choices') }}

select
    shipment_id,
    identifier,
    hs4,
    hs_code,
    hs_source,
    product_probability,
    fraction
from products
