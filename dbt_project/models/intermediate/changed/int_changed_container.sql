{{ built_after('int_changed_family', 'int_changed_record', 'int_record', 'int_record_container', 'int_shipment') }}
{% set containers = as_built_before('int_shipment_container') %}

{% if containers is none or flags.FULL_REFRESH %}
select cast(null as bigint) as voyage_container_key
where false
{%- else %}
with in_force as (
    select identifier
    from {{ ref('int_shipment') }}
    where
        family_key in (select changed.family_key from {{ ref('int_changed_family') }} as changed)
        and bill_state = 'in_force'
)

select voyage_container_key
from {{ ref('int_record_container') }}
where identifier in (select in_force.identifier from in_force)

union

-- containers that a bill of a changed family had a part of before
select voyage_container_key
from {{ containers }}
where identifier in ({{ records_of_changed_families() }})
{{ not_listed_yet() }}
{%- endif %}
