-- One row per bill in force at the cut-off that a later record touches, as fct_shipment would have had it.

with identifiers as (
    select identifier
    from {{ ref('late_identifier') }}
    where was_in_force
),

shipments as (
    select * from {{ ref('late_shipment') }}
    where bill_state = 'in_force'

    union all

    select * from {{ ref('int_shipment') }}
    where
        bill_state = 'in_force'
        and identifier in (select identifiers.identifier from identifiers)
        and family_key not in (select late.family_key from {{ ref('late_family') }} as late)
),

records as (
    {{ rows_in(ref('int_record'), 'identifier', 'identifiers') }}
),

notified as (
    {{ rows_in(ref('int_record_notify'), 'identifier', 'identifiers') }}
),

shipment_containers as (
    select * from {{ ref('late_shipment_container') }}

    union all

    select * from {{ ref('int_shipment_container') }}
    where
        identifier in (select identifiers.identifier from identifiers)
        and voyage_container_key not in (
            select late.voyage_container_key from {{ ref('late_shipment_container') }} as late
        )
),

{{ described_bills('shipments', 'records', 'notified', 'shipment_containers') }}

select
    shipment_id,
    identifier,
    supplier_id,
    consignee_id,
    supplier_visibility,
    consignee_visibility,
    week_start_date,
    arrival_date,
    origin_country_code,
    weight_kg,
    containers,
    teu,
    sized_weight_kg,
    description,
    text_key,
    is_in_transit
from described
