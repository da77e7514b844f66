-- One row per alert that a frozen snapshot tells, of the weeks before and of earlier revisions of this one: its newest
-- telling, and whether this week told it.

with frozen as (
    select rows_before.*
    from {{ frozen_rows('fct_alert', told_columns()) }} as rows_before
    cross join {{ ref('asof_week') }} as week
    where rows_before.as_of_week <= week.as_of_week and rows_before.alert_type <> 'retracted'
),

placed as (
    select
        *,
        row_number() over (partition by alert_id order by as_of_week desc, revision desc) as place
    from frozen
),

newest as (
    select * exclude (place, revision)
    from placed
    where place = 1
)

select
    newest.*,
    newest.as_of_week = week.as_of_week as is_of_this_week
from newest
cross join {{ ref('asof_week') }} as week
