-- One row: where the past of this week begins and ends. `first_week`: first whole week of the records, from which on
-- rhythms show; weeks before it have strays only, bills that were announced late or amended long after. Then the last
-- week that was frozen before this one, by which rules see that something crossed a line, and the one before that; null
-- where there is none. Weeks that were frozen before there were alerts have no episodes to go on with.

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
),

history as (
    select
        cast(
            coalesce(
                min(weeks.week_number) filter (where weeks.bills >= {{ threshold('whole_week_part') }} * usual.bills),
                max(week.week_number)
            ) as integer
        ) as first_week
    from {{ ref('asof_week') }} as week
    left join weeks on true
    left join usual on true
),

revisions as (
    select
        frozen.as_of_week,
        max(frozen.revision) as revision
    from {{ source('earlier_snapshots', 'revisions') }} as frozen
    group by frozen.as_of_week
),

with_episodes as (
    select
        frozen.as_of_week,
        max(frozen.revision) as revision
    from {{ source('earlier_snapshots', 'episode_revisions') }} as frozen
    group by frozen.as_of_week
),

ranked as (
    select
        revisions.as_of_week,
        revisions.revision,
        with_episodes.revision is not null as has_episodes,
        row_number() over (order by revisions.as_of_week desc) as nearness
    from revisions
    cross join {{ ref('asof_week') }} as week
    left join with_episodes
        on revisions.as_of_week = with_episodes.as_of_week and revisions.revision = with_episodes.revision
    where revisions.as_of_week < week.as_of_week
),

newest as (
    select
        max(case when nearness = 1 then as_of_week end) as as_of_week,
        cast(max(case when nearness = 1 then revision end) as integer) as revision,
        max(case when nearness = 2 then as_of_week end) as earlier_week,
        cast(max(case when nearness = 2 then revision end) as integer) as earlier_revision,
        coalesce(bool_or(nearness = 1 and has_episodes), false) as has_episodes
    from ranked
)

select
    history.first_week,
    newest.as_of_week,
    newest.revision,
    {{ week_number(monday_of_week('newest.as_of_week')) }} as week_number,
    newest.earlier_week,
    newest.earlier_revision,
    newest.has_episodes
from history
cross join newest
