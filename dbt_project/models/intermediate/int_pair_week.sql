{{ config(
    changed_by='int_changed_pair_week',
    changed_key=['supplier_key', 'consignee_key', 'week_start_date']
) }}

-- One row per pair and week of cargo for the US, an unnamed side as empty text: the one table that weekly facts add up.

with shipments as (
    select
        coalesce(supplier_id, '') as supplier_key,
        coalesce(consignee_id, '') as consignee_key,
        week_start_date,
        {{ is_named('supplier') }} as supplier_is_named,
        {{ is_named('consignee') }} as consignee_is_named,
        supplier_visibility,
        consignee_visibility,
        containers,
        teu,
        weight_kg,
        sized_weight_kg
    from {{ ref('fct_shipment') }}
    where {{ is_counted_in_weeks() }}
)

select
    supplier_key,
    consignee_key,
    week_start_date,
    {{ week_number('week_start_date') }} as week_number,
    supplier_is_named,
    consignee_is_named,
    cast(count(*) as bigint) as bills,
    cast(sum(containers) as decimal(18, 6)) as containers,
    cast(sum(teu) as decimal(18, 6)) as teu,
    cast(sum(weight_kg) as decimal(18, 3)) as weight_kg,
    cast(sum(sized_weight_kg) as decimal(18, 3)) as sized_weight_kg,
    cast(sum(case when supplier_visibility = 'redacted' then teu end) as decimal(18, 6)) as redacted_supplier_teu,
    cast(sum(case when supplier_visibility = 'redacted' then weight_kg end) as decimal(18, 3)) as redacted_supplier_kg,
    cast(sum(case when consignee_visibility = 'redacted' then teu end) as decimal(18, 6)) as redacted_consignee_teu,
    cast(sum(case when consignee_visibility = 'redacted' then weight_kg end) as decimal(18, 3)) as redacted_consignee_kg
from shipments
where {{ changed('int_changed_pair_week', ['supplier_key', 'consignee_key', 'week_start_date']) }}
group by supplier_key, consignee_key, week_start_date, supplier_is_named, consignee_is_named
