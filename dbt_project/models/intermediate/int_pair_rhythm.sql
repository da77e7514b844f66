{{ config(
    changed_by='int_changed_pair_week',
    changed_key=['supplier_key', 'consignee_key'],
    changed_from='week_start_date'
) }}

-- One row per named pair and week with bills: what the pair's own past says of its rhythm up to that week.

with weeks as (
    select supplier_key, consignee_key, week_start_date, week_number
    from {{ ref('int_pair_week') }}
    where
        supplier_is_named
        and consignee_is_named
        and {{ changed('int_changed_pair_week', ['supplier_key', 'consignee_key']) }}
),

spaced as (
    select
        *,
        week_number - lag(week_number) over pair as gap_weeks
    from weeks
    window pair as (partition by supplier_key, consignee_key order by week_number)
),

measured as (
    select
        *,
        count(*) over past as weeks_so_far,
        {{ quantile_of('gap_weeks', gap_quantile()) }} over past as usual_gap_weeks
    from spaced
    window past as (
        partition by supplier_key, consignee_key
        order by week_number
        rows between unbounded preceding and current row
    )
),

rebuilt as (
    select measured.*
    from measured
    {{ changed_from('int_changed_pair_week', ['supplier_key', 'consignee_key'], 'week_start_date', 'measured') }}
)

select
    supplier_key,
    consignee_key,
    week_start_date,
    week_number,
    cast(weeks_so_far as integer) as weeks_so_far,
    cast(
        {{ silent_from('week_number', 'weeks_so_far', 'usual_gap_weeks') }} as integer
    ) as silent_from_week_number
from rebuilt
