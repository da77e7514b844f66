{{ config(materialized='view') }}

-- One row per bill in force as known at the cut-off, for the US and with a week not after the as-of week. A view:
-- bills without later records are read from fct_shipment. It is as of the cut-off until the next night adds records.

with bills as (
    select
        shipment_id,
        identifier,
        supplier_id,
        consignee_id,
        supplier_visibility,
        consignee_visibility,
        week_start_date,
        arrival_date,
        origin_country_code,
        weight_kg,
        containers,
        teu,
        sized_weight_kg,
        description,
        text_key,
        is_in_transit
    from {{ ref('fct_shipment') }}
    where identifier not in (select late.identifier from {{ ref('late_identifier') }} as late)

    union all

    select * from {{ ref('late_bill') }}
)

select
    -- bill
    shipment_id,
    identifier,

    -- parties
    supplier_id,
    consignee_id,
    {{ is_named('supplier') }} as supplier_is_named,
    {{ is_named('consignee') }} as consignee_is_named,
    supplier_visibility,
    consignee_visibility,

    -- time
    week_start_date,
    {{ week_number('week_start_date') }} as week_number,
    arrival_date,

    -- cargo
    origin_country_code,
    weight_kg,
    containers,
    teu,
    sized_weight_kg,
    description,
    text_key
from bills
where
    not is_in_transit
    and week_start_date <= (select week.week_start_date from {{ ref('asof_week') }} as week)
