{{ built_after(
    'int_changed_container',
    'int_changed_family',
    'int_changed_name_variant',
    'int_changed_record',
    'int_record',
    'int_record_notify',
    'int_shipment',
    'int_shipment_container'
) }}
{% set facts = as_built_before('fct_shipment') %}
{% set shown_differently %}
(select spelling_id from {{ ref('int_changed_name_variant') }} where reason = 'shown_differently')
{%- endset %}

{% if facts is none or flags.FULL_REFRESH %}
select
    cast(null as bigint) as identifier,
    cast(null as varchar) as supplier_key,
    cast(null as varchar) as consignee_key,
    cast(null as date) as week_start_date
where false
{%- else %}
with changed as (
    select identifier
    from {{ facts }}
    where identifier in ({{ records_of_changed_families() }})

    union

    select identifier
    from {{ ref('int_shipment') }}
    where
        family_key in (select changed.family_key from {{ ref('int_changed_family') }} as changed)
        and bill_state = 'in_force'

    union

    select identifier
    from {{ ref('int_shipment_container') }}
    where
        voyage_container_key in (
            select changed.voyage_container_key from {{ ref('int_changed_container') }} as changed
        )
    {%- if not is_empty(shown_differently) %}

    union

    select identifier
    from {{ ref('int_record') }}
    where
        shipper_spelling_id in {{ shown_differently }}
        or consignee_spelling_id in {{ shown_differently }}

    union

    select identifier
    from {{ ref('int_record_notify') }}
    where spelling_id in {{ shown_differently }}
    {%- endif %}
),

counted_before as (
    select
        identifier,
        coalesce(supplier_id, '') as supplier_key,
        coalesce(consignee_id, '') as consignee_key,
        week_start_date
    from {{ facts }}
    where {{ is_counted_in_weeks() }}
)

select
    changed.identifier,
    counted_before.supplier_key,
    counted_before.consignee_key,
    counted_before.week_start_date
from changed
left join counted_before on changed.identifier = counted_before.identifier
{{ not_listed_yet() }}
{%- endif %}
