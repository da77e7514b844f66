-- One row: the last week that was frozen before this one, by which rules see that something crossed a line, and the one
-- before that; null where there is none. Weeks of before alerts were told have no episodes to go on with.

with revisions as (
    select
        frozen.as_of_week,
        max(frozen.revision) as revision
    from {{ frozen_revisions() }} as frozen
    group by frozen.as_of_week
),

earlier as (
    select revisions.*
    from revisions
    cross join {{ ref('asof_week') }} as week
    where revisions.as_of_week < week.as_of_week
),

placed as (
    select
        *,
        row_number() over (order by as_of_week desc) as place
    from earlier
),

with_episodes as (
    select
        frozen.as_of_week,
        max(frozen.revision) as revision
    from {{ frozen_revisions('alert_episode.parquet') }} as frozen
    group by frozen.as_of_week
),

told as (
    select
        max(case when place = 1 then as_of_week end) as as_of_week,
        max(case when place = 1 then revision end) as revision,
        max(case when place = 2 then as_of_week end) as earlier_week,
        max(case when place = 2 then revision end) as earlier_revision
    from placed
)

select
    as_of_week,
    cast(revision as integer) as revision,
    {{ week_number(monday_of_week('as_of_week')) }} as week_number,
    earlier_week,
    cast(earlier_revision as integer) as earlier_revision,
    (as_of_week, revision)
    in (select (with_episodes.as_of_week, with_episodes.revision) from with_episodes) as has_episodes
from told
