{{ config(materialized='table') }}
-- One row per shipment to build anew: those of the queued families, before and after, and those that share a box with them.
-- depends_on: {{ ref('int_shipment') }}, {{ ref('int_shipment_box') }}, {{ ref('queue_box') }}
-- depends_on: {{ ref('queue_family') }}, {{ ref('queue_shipment') }}

{% set facts = as_built_before('fct_shipment') %}

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
    and standing = 'in_force'

union

select identifier
from {{ ref('int_shipment_box') }}
where voyage_box_key in (select queued.voyage_box_key from {{ ref('queue_box') }} as queued)
{%- endif %}
