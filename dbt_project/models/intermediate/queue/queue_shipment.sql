{{ built_after('queue_family') }}
-- One row per shipment in force of a queued family, as it stood before: by the delivery row of its version in force.

{% set shipments = as_built_before('int_shipment') %}

{% if shipments is none or flags.FULL_REFRESH %}
select cast(null as bigint) as identifier
where false
{%- else %}
select identifier
from {{ shipments }}
where
    family_key in (select queued.family_key from {{ ref('queue_family') }} as queued)
    and bill_state = 'in_force'
{%- endif %}
