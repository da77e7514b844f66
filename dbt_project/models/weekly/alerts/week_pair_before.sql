-- One row per supplier and consignee (null: unnamed) with bills in the 52 weeks that end with the last frozen week:
-- that year's volume and share as known now and under the parties of now, so that what a merge, a split or a late bill
-- moves is no move from then to now. None where no week was frozen.

with volumes as (
    select
        bills.supplier_key,
        bills.consignee_key,
        count(*) as bills,
        {{ unit_volume('bool_or(suppliers.is_in_teu)', 'sum(bills.teu)', 'sum(bills.weight_kg)') }} as volume
    from {{ ref('week_bill') }} as bills
    inner join {{ ref('week_supplier') }} as suppliers on bills.supplier_key = suppliers.supplier_key
    cross join {{ ref('week_before') }} as before
    where bills.week_number > before.week_number - {{ weeks_of_year() }} and bills.week_number <= before.week_number
    group by bills.supplier_key, bills.consignee_key
),

totals as (
    select
        *,
        sum(volume) over (partition by supplier_key) as supplier_volume
    from volumes
)

select
    supplier_key,
    consignee_key,
    cast(bills as bigint) as bills,
    volume,
    {{ share_of('volume', 'supplier_volume') }} as share
from totals
