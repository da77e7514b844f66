-- One row: the part of (1 - HHI) that other customers took of a lost customer's volume (METRICS, the back-test of rho),
-- of the own records where enough customers have left, else the default.

with fitted as (
    select
        count(*) as events,
        -- least squares through 0 of what others took on what (1 - HHI) says; large customers weigh most
        cast(sum(others_change * expected_at_one) as double)
        / cast(nullif(sum(expected_at_one * expected_at_one), 0) as double) as scale
    from {{ ref('week_refill_event') }}
),

judged as (
    select
        fitted.events,
        fitted.scale,
        rules.refill_scale as default_scale,
        fitted.events >= {{ threshold('refill_events') }} and fitted.scale is not null as is_of_records
    from fitted
    cross join {{ ref('week_rule') }} as rules
)

select
    cast(events as bigint) as events,
    -- rounded, so that figures do not move with every customer that left
    case
        when is_of_records then round(least(greatest(scale, 0), 1), 2)
        else cast(default_scale as double)
    end as refill_scale,
    case when is_of_records then 'records' else 'default' end as refill_source
from judged
