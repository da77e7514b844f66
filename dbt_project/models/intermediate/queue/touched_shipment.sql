{{ config(materialized='table') }}
{{ built_after('int_shipment', 'int_shipment_box', 'queue_box', 'queue_family', 'queue_shipment') }}
-- One row per shipment to build anew: of the queued families, before and after, or sharing a box with one of them.

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
