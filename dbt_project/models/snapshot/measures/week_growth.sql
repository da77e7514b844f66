-- One row per named supplier with bills in the 52 weeks: its last 26 weeks against the same weeks a year before, or
-- against the 26 before them where it is not known for so long.

with weeks as (
    select
        bills.supplier_key,
        week.week_number - bills.week_number as weeks_ago,
        count(distinct coalesce(bills.consignee_key, 0)) as shipments,
        sum(case when suppliers.is_in_teu then bills.teu else bills.weight_kg end) as volume
    from {{ ref('week_bill') }} as bills
    inner join {{ ref('week_supplier') }} as suppliers on bills.supplier_key = suppliers.supplier_key
    cross join {{ ref('asof_week') }} as week
    group by bills.supplier_key, weeks_ago
),

halves as (
    select
        supplier_key,
        max(weeks_ago) >= {{ weeks_of_year() }} + {{ half_year_weeks() }} - 1 as is_known_a_year_before,
        sum(case when weeks_ago < {{ weeks_of_year() }} then shipments end) as shipments,
        sum(case when weeks_ago < {{ weeks_of_year() }} then volume end) as volume,
        sum(case when weeks_ago < {{ half_year_weeks() }} then volume end) as now,
        sum(case when weeks_ago >= {{ half_year_weeks() }} and weeks_ago < {{ weeks_of_year() }} then volume end)
            as half_before,
        sum(
            case
                when
                    weeks_ago >= {{ weeks_of_year() }}
                    and weeks_ago < {{ weeks_of_year() }} + {{ half_year_weeks() }}
                    then volume
            end
        ) as year_before
    from weeks
    group by supplier_key
),

-- so many average shipments beside either half leave the ratio of few shipments near 1
damped as (
    select
        supplier_key,
        cast(coalesce(now, 0) as double) as now,
        cast(coalesce(case when is_known_a_year_before then year_before else half_before end, 0) as double) as past,
        cast({{ threshold('growth_shipments') }} as double) * cast(volume as double) / shipments as damping
    from halves
)

select
    supplier_key,
    case when damping > 0 then least((now + damping) / (past + damping), 1.0) else 1.0 end as growth_ratio
from damped
