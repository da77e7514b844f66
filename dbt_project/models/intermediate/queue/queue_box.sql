{{ built_after('int_record_container', 'int_shipment', 'queue_family', 'queue_shipment') }}
-- One row per box of a queued family's shipments, before and after: all bills that share it split it anew.

{% set boxes = as_built_before('int_shipment_container') %}

{% if boxes is none or flags.FULL_REFRESH %}
select cast(null as bigint) as voyage_container_key
where false
{%- else %}
with now_in_force as (
    select identifier
    from {{ ref('int_shipment') }}
    where
        family_key in (select queued.family_key from {{ ref('queue_family') }} as queued)
        and bill_state = 'in_force'
)

select voyage_container_key
from {{ ref('int_record_container') }}
where identifier in (select now_in_force.identifier from now_in_force)

union

select voyage_container_key
from {{ boxes }}
where identifier in (select queued.identifier from {{ ref('queue_shipment') }} as queued)
{%- endif %}
