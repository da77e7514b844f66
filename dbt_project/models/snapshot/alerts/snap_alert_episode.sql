-- One row per episode that is open after this week: what the next week goes on with.

select
    week.as_of_week,
    episodes.alert_id,
    episodes.alert_type,
    episodes.supplier_id,
    episodes.consignee_id,
    episodes.threshold,
    episodes.first_window_end,
    episodes.notified_week,
    episodes.phase,
    episodes.weeks_running,
    episodes.weeks_quiet
from {{ ref('week_named_episode') }} as episodes
cross join {{ ref('asof_week') }} as week
where episodes.outcome = 'open'
