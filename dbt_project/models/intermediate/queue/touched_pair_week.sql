{{ config(materialized='table') }}
{{ built_after('fct_shipment', 'queue_pair_week', 'touched_shipment') }}
-- One row per pair and week of a touched shipment, before and after.

{% set built = as_built_before('int_pair_week') %}

{% if built is none or flags.FULL_REFRESH %}
select
    cast(null as varchar) as supplier_key,
    cast(null as varchar) as consignee_key,
    cast(null as date) as week_start_date
where false
{%- else %}
select supplier_key, consignee_key, week_start_date
from {{ ref('queue_pair_week') }}

union

select
    coalesce(supplier_id, '') as supplier_key,
    coalesce(consignee_id, '') as consignee_key,
    week_start_date
from {{ rebuilt(ref('fct_shipment'), 'touched_shipment', 'identifier') }}
where
    week_start_date is not null
    and not is_in_transit
    and (supplier_id is not null or consignee_id is not null)
{%- endif %}
