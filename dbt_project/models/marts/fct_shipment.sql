{{ config(changed_by='int_changed_shipment', changed_key='identifier') }}

with shipments as (
    select * from {{ ref('int_shipment') }}
    where bill_state = 'in_force' and {{ changed('int_changed_shipment', 'identifier') }}
),

records as (
    select * from {{ ref('int_record') }}
    where {{ changed('int_changed_shipment', 'identifier') }}
),

notified as (
    select * from {{ ref('int_record_notify') }}
    where {{ changed('int_changed_shipment', 'identifier') }}
),

shipment_containers as (
    select * from {{ ref('int_shipment_container') }}
    where {{ changed('int_changed_shipment', 'identifier') }}
),

codes as (
    select * from {{ ref('int_record_hs') }}
    where {{ changed('int_changed_shipment', 'identifier') }}
),

{{ described_bills('shipments', 'records', 'notified', 'shipment_containers') }},

choices as (
    select * from {{ ref('int_product_choice') }}
),

{{ chosen_products('described', 'codes', 'choices') }},

shown as (
    select
        described.*,
        products.hs_code,
        products.hs4,
        products.hs_source,
        products.product_probability
    from described
    inner join products on described.identifier = products.identifier and products.code_number = 1
)

select
    -- bill
    shipment_id,
    identifier,
    master_bol_number,
    house_bol_number,
    sub_house_bol_number,
    bill_type,
    carrier_scac,
    vessel_name,
    voyage_number,

    -- time
    arrival_date,
    week_start_date,
    arrival_is_suspect,

    -- parties
    supplier_id,
    consignee_id,
    supplier_visibility,
    consignee_visibility,
    consignee_is_notify_party,

    -- ports
    origin_country_code,
    foreign_port,
    us_port,

    -- cargo
    weight_kg,
    weight_raw,
    weight_unit,
    {{ weight_status() }} as weight_status,
    containers,
    teu,
    sized_weight_kg,
    quantity,
    quantity_unit,
    hs_code,
    hs4,
    hs_source,
    product_probability,
    description,
    text_key,
    is_in_transit,

    -- versions
    record_status,
    first_release_date,
    last_release_date,
    versions
from shown
