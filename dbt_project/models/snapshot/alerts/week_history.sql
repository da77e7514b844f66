-- One row: the first week of the records, from which on rhythms can be told. Weeks before it hold strays only, bills
-- that were announced late or amended long after.

with weeks as (
    select
        bills.week_number,
        count(*) as bills
    from {{ ref('week_bill') }} as bills
    cross join {{ ref('asof_week') }} as week
    where bills.week_number > week.week_number - {{ weeks_of_activity() }}
    group by bills.week_number
),

usual as (
    select {{ quantile_of('bills', 0.5) }} as bills
    from weeks
)

select
    cast(
        coalesce(
            min(weeks.week_number) filter (where weeks.bills >= {{ alert_rule('whole_week_part') }} * usual.bills),
            max(week.week_number)
        ) as integer
    ) as first_week
from {{ ref('asof_week') }} as week
left join weeks on true
left join usual on true
