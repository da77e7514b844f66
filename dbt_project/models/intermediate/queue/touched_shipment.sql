{{ config(materialized='table') }}
{{ built_after(
    'int_record',
    'int_record_notify',
    'int_shipment',
    'int_shipment_container',
    'queue_box',
    'queue_decision',
    'queue_family',
    'queue_shipment'
) }}
-- One row per shipment to build anew: of the queued families, before and after, sharing a box with one of them, or
-- showing a party on whom the decision has moved.

{% set facts = as_built_before('fct_shipment') %}
{% set moved = "(select spelling_id from " ~ ref('queue_decision') ~ " where is_moved)" %}

{% if facts is none or flags.FULL_REFRESH %}
select cast(null as bigint) as identifier
where false
{%- else %}
select identifier
from {{ ref('queue_shipment') }}

union

select identifier
from {{ ref('int_shipment') }}
where
    family_key in (select queued.family_key from {{ ref('queue_family') }} as queued)
    and bill_state = 'in_force'

union

select identifier
from {{ ref('int_shipment_container') }}
where voyage_container_key in (select queued.voyage_container_key from {{ ref('queue_box') }} as queued)
{%- if not is_empty(moved) %}

union

select identifier
from {{ ref('int_record') }}
where
    shipper_spelling_id in {{ moved }}
    or consignee_spelling_id in {{ moved }}

union

select identifier
from {{ ref('int_record_notify') }}
where spelling_id in {{ moved }}
{%- endif %}
{%- endif %}
