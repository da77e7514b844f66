{{ config(materialized='table') }}
{{ built_after('fct_shipment', 'int_changed_shipment') }}

{% if as_built_before('int_pair_week') is none or flags.FULL_REFRESH %}
select
    cast(null as varchar) as supplier_key,
    cast(null as varchar) as consignee_key,
    cast(null as date) as week_start_date
where false
{%- else %}
select supplier_key, consignee_key, week_start_date
from {{ ref('int_changed_shipment') }}
where week_start_date is not null

union

select
    coalesce(supplier_id, '') as supplier_key,
    coalesce(consignee_id, '') as consignee_key,
    week_start_date
from {{ rebuilt(ref('fct_shipment'), 'int_changed_shipment', 'identifier') }}
where {{ is_counted_in_weeks() }}
{%- endif %}
