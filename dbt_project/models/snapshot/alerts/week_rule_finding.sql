-- One row per line that was crossed since the last frozen week, or that an open episode still holds. A week of which
-- records are missing raises nothing: neither does one whose week before was such, since it is compared with that.

with rules as (
    select * from {{ ref('week_tier_crossed') }}
    union all
    select * from {{ ref('week_concentration_crossed') }}
    union all
    select * from {{ ref('week_alternatives_gone') }}
    union all
    select * from {{ ref('week_slack_opened') }}
),

-- lateness has its time: what lacks in the last weeks moves a line, what lacked half a year ago does so no more
doubtful as (
    select count(*) > 0 as is_doubtful
    from {{ ref('week_incomplete') }} as incomplete
    cross join {{ ref('asof_week') }} as week
    where incomplete.week_number > week.week_number - {{ quarter_weeks() }}
)

select rules.* replace (rules.fires and not doubtful.is_doubtful as fires)
from rules
cross join doubtful
