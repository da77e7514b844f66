-- One row per named supplier and consignee (null: unnamed) with bills in the 52 weeks: the year's sums, and the sum of
-- the squares of its weeks, which measures how uneven shipments are.

with weeks as (
    select
        bills.supplier_key,
        bills.consignee_key,
        bills.week_number,
        count(*) as bills,
        sum(bills.containers) as containers,
        sum(bills.teu) as teu,
        sum(bills.weight_kg) as weight_kg,
        sum(bills.sized_weight_kg) as sized_weight_kg,
        sum(case when bills.is_uncertain then bills.teu end) as uncertain_teu,
        sum(case when bills.is_uncertain then bills.weight_kg end) as uncertain_kg,
        sum(case when bills.consignee_is_forwarder then bills.teu end) as forwarded_teu,
        sum(case when bills.consignee_is_forwarder then bills.weight_kg end) as forwarded_kg
    from {{ ref('week_bill') }} as bills
    cross join {{ ref('asof_week') }} as week
    where bills.supplier_key is not null and bills.week_number > week.week_number - {{ weeks_of_year() }}
    group by bills.supplier_key, bills.consignee_key, bills.week_number
)

select
    supplier_key,
    consignee_key,
    cast(sum(bills) as bigint) as bills,
    -- bills of a booking come in one week
    cast(coalesce(sum({{ squared('teu') }}), 0) as decimal(38, 12)) as teu_squares,
    cast(coalesce(sum({{ squared('weight_kg') }}), 0) as decimal(38, 12)) as kg_squares,
    cast(sum(containers) as decimal(20, 6)) as containers,
    cast(coalesce(sum(teu), 0) as decimal(20, 6)) as teu,
    cast(coalesce(sum(weight_kg), 0) as decimal(20, 6)) as weight_kg,
    cast(coalesce(sum(sized_weight_kg), 0) as decimal(20, 6)) as sized_weight_kg,
    cast(coalesce(sum(forwarded_teu), 0) as decimal(20, 6)) as forwarded_teu,
    cast(coalesce(sum(forwarded_kg), 0) as decimal(20, 6)) as forwarded_kg,
    cast(coalesce(sum(uncertain_teu), 0) as decimal(20, 6)) as uncertain_teu,
    cast(coalesce(sum(uncertain_kg), 0) as decimal(20, 6)) as uncertain_kg
from weeks
group by supplier_key, consignee_key
