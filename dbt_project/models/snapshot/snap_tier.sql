-- One row per named supplier, named consignee and as-of week: the customer's rank with its supplier.

with histories as (
    select
        bills.supplier_key,
        bills.consignee_key,
        min(bills.arrival_date) as first_bill_date,
        max(bills.arrival_date) as last_bill_date
    from {{ ref('week_bill') }} as bills
    where bills.supplier_key is not null and bills.consignee_key is not null
    group by bills.supplier_key, bills.consignee_key
),

orders as (
    select
        bills.supplier_key,
        bills.consignee_key,
        median(
            cast(case when suppliers.is_in_teu then bills.teu else bills.weight_kg end as double)
        ) as typical_order
    from {{ ref('week_bill') }} as bills
    inner join {{ ref('week_supplier') }} as suppliers on bills.supplier_key = suppliers.supplier_key
    cross join {{ ref('asof_week') }} as week
    where bills.consignee_key is not null and bills.week_number > week.week_number - {{ weeks_of_year() }}
    group by bills.supplier_key, bills.consignee_key
)

select
    week.as_of_week,
    ladder.supplier_id,
    ladder.consignee_id,

    -- volume
    pairs.volume as volume_52w,
    case when pairs.is_in_teu then 'teu' else 'kg' end as volume_unit,
    pairs.bills as bills_52w,
    suppliers.bills as supplier_bills_52w,
    {{ volume_band('pairs.volume') }} as volume_band,

    -- share
    pairs.share as share_of_supplier,
    pairs.share_low as share_of_supplier_low,
    pairs.share_high as share_of_supplier_high,
    1 - {{ share_of('suppliers.unnamed_volume', 'suppliers.volume') }} as coverage,

    -- rank
    rank() over (partition by pairs.supplier_key order by pairs.volume desc) as customer_rank,
    suppliers.customers,
    tops.consignee_id as top_consignee_id,
    coalesce(pairs.share > rules.major_customer_share, false) as is_major_customer,
    {{ share_of('pairs.volume', 'suppliers.top_volume') }} as ratio_to_top,
    {{ share_of('pairs.volume', 'suppliers.median_volume') }} as ratio_to_median,
    ladder.tier,
    ladder.tier_low,
    ladder.tier_high,
    ladder.last_tier,
    ladder.next_tier,
    ladder.gap_to_next_tier,
    ladder.gap_to_move,

    -- rhythm
    pairs.bills / {{ months_of_year() }} as bills_per_month,
    cast(pairs.containers as double) / {{ months_of_year() }} as containers_per_month,
    orders.typical_order,
    histories.first_bill_date,
    histories.last_bill_date,

    -- how sure
    ladder.reason_code,
    week.er_version,
    rules.ruleset_version
from {{ ref('week_pair_share') }} as pairs
inner join {{ ref('week_ladder') }} as ladder
    on pairs.supplier_key = ladder.supplier_key and pairs.consignee_key = ladder.consignee_key
inner join {{ ref('week_supplier') }} as suppliers on pairs.supplier_key = suppliers.supplier_key
left join {{ ref('week_consignee_entity') }} as tops on suppliers.top_consignee_key = tops.consignee_key
inner join histories on pairs.supplier_key = histories.supplier_key and pairs.consignee_key = histories.consignee_key
inner join orders on pairs.supplier_key = orders.supplier_key and pairs.consignee_key = orders.consignee_key
cross join {{ ref('week_rule') }} as rules
cross join {{ ref('asof_week') }} as week
