-- One row per named supplier and consignee that is silent in the as-of week by the rule of int_pair_rhythm: past the
-- 99th percentile of the pair's own gaps, with a bill in the 52 weeks. From the bills as known at the cut-off.

with weeks as (
    select distinct supplier_key, consignee_key, week_number
    from {{ ref('week_bill') }}
    where supplier_key is not null and consignee_key is not null
),

spaced as (
    select
        *,
        week_number - lag(week_number) over (partition by supplier_key, consignee_key order by week_number) as gap_weeks
    from weeks
),

pairs as (
    select
        supplier_key,
        consignee_key,
        count(*) as weeks,
        max(week_number) as last_week,
        {{ quantile_of('gap_weeks', gap_quantile()) }} as usual_gap_weeks
    from spaced
    group by supplier_key, consignee_key
)

select
    cast(pairs.supplier_key as bigint) as supplier_key,
    cast(pairs.consignee_key as bigint) as consignee_key,
    cast(pairs.last_week as integer) as last_week
from pairs
cross join {{ ref('asof_week') }} as week
where
    {{ silent_from('pairs.last_week', 'pairs.weeks', 'pairs.usual_gap_weeks') }} <= week.week_number
    and pairs.last_week > week.week_number - {{ weeks_of_year() }}
