-- One row per supplier of the 52 weeks: its best 13 consecutive weeks of the last 156 and its last 13; null where it
-- was first seen less than 52 weeks ago.

with weeks as (
    select
        bills.supplier_key,
        bills.week_number,
        sum(bills.teu) as teu,
        sum(bills.weight_kg) as weight_kg
    from {{ ref('week_bill') }} as bills
    cross join {{ ref('asof_week') }} as week
    where bills.supplier_key is not null and bills.week_number > week.week_number - {{ capacity_weeks() }}
    group by bills.supplier_key, bills.week_number
),

volumes as (
    select
        weeks.supplier_key,
        weeks.week_number,
        {{ unit_volume('suppliers.is_in_teu', 'weeks.teu', 'weeks.weight_kg') }} as volume
    from weeks
    inner join {{ ref('week_supplier') }} as suppliers on weeks.supplier_key = suppliers.supplier_key
),

quarters as (
    select
        supplier_key,
        week_number,
        volume,
        sum(volume) over (
            partition by supplier_key
            order by week_number
            range between {{ quarter_weeks() | int - 1 }} preceding and current row
        ) as quarter_volume
    from volumes
)

select
    quarters.supplier_key,
    cast(week.week_number - min(quarters.week_number) + 1 as integer) as weeks_seen,
    cast(
        case
            when week.week_number - min(quarters.week_number) + 1 >= {{ weeks_of_year() }}
                then max(quarters.quarter_volume)
        end as decimal(20, 6)
    ) as best_quarter_volume,
    cast(
        coalesce(sum(quarters.volume) filter (where quarters.week_number > week.week_number - {{ quarter_weeks() }}), 0)
        as decimal(20, 6)
    ) as last_quarter_volume
from quarters
cross join {{ ref('asof_week') }} as week
group by quarters.supplier_key, week.week_number
