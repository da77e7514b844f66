{{ config(
    changed_by='int_changed_pair_week',
    changed_key={'consignee_id': 'consignee_key'},
    changed_from='week_start_date'
) }}

-- the macro gives the CTEs `concentration` (one row per consignee and week) and `leaders` (its largest supplier)
with {{ trailing_year('consignee', 'supplier') }}

select
    concentration.own_key as consignee_id,
    concentration.week_start_date,
    cast(concentration.bills as bigint) as bills,
    cast(concentration.containers as decimal(18, 6)) as containers,
    cast(concentration.teu as decimal(18, 6)) as teu,
    cast(concentration.weight_kg as decimal(18, 3)) as weight_kg,
    cast(concentration.named_others as bigint) as named_suppliers,
    cast(concentration.named_others_52w as bigint) as named_suppliers_52w,
    concentration.volume_unit,
    concentration.redacted_share,
    leaders.other_key as top_supplier_id,
    leaders.volume / concentration.volume_52w as top_share,
    concentration.hhi
from concentration
left join leaders
    on concentration.own_key = leaders.own_key and concentration.week_number = leaders.week_number
