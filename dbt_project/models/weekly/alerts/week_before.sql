-- One row: the last week that was frozen before this one, by which rules see that something crossed a line; all null
-- where there is none.

with revisions as (
    select
        as_of_week,
        max(revision) as revision
    from {{ frozen_revisions() }} as frozen
    group by as_of_week
),

earlier as (
    select revisions.*
    from revisions
    cross join {{ ref('asof_week') }} as week
    where revisions.as_of_week < week.as_of_week
),

last_one as (
    select
        max(as_of_week) as as_of_week,
        max_by(revision, as_of_week) as revision
    from earlier
)

select
    as_of_week,
    cast(revision as integer) as revision,
    {{ week_number(monday_of_week('as_of_week')) }} as week_number
from last_one
