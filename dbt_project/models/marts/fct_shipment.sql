{{ config(touched_by='touched_shipment', touched_key='identifier') }}
{{ built_after('queue_pair_week') }}

-- One row per bill in force, on one level of master and house.

with shipments as (
    select * from {{ ref('int_shipment') }}
    where bill_state = 'in_force' and {{ touched('touched_shipment', 'identifier') }}
),

records as (
    select * from {{ ref('int_record') }}
    where {{ touched('touched_shipment', 'identifier') }}
),

notified as (
    select * from {{ ref('int_record_notify') }}
    where {{ touched('touched_shipment', 'identifier') }}
),

shipment_containers as (
    select * from {{ ref('int_shipment_container') }}
    where {{ touched('touched_shipment', 'identifier') }}
),

codes as (
    select * from {{ ref('int_record_hs') }}
    where {{ touched('touched_shipment', 'identifier') }}
),

{{ bills_of('shipments', 'records', 'notified', 'shipment_containers', 'codes') }}
