{{ built_after('touched_shipment') }}
-- One row per pair and week in which a touched shipment stood before.

{% set facts = as_built_before('fct_shipment') %}

{% if facts is none or flags.FULL_REFRESH %}
select
    cast(null as varchar) as supplier_key,
    cast(null as varchar) as consignee_key,
    cast(null as date) as week_start_date
where false
{%- else %}
select
    coalesce(supplier_id, '') as supplier_key,
    coalesce(consignee_id, '') as consignee_key,
    week_start_date
from {{ facts }}
where
    identifier in (select touched.identifier from {{ ref('touched_shipment') }} as touched)
    and week_start_date is not null
    and not is_in_transit
    and (supplier_id is not null or consignee_id is not null)
{%- endif %}
