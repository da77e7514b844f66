-- One row per alert, as the newest revision that has it, with its state. An alert stays when a later revision of its
-- week does not have it any more: it is retracted then.

with frozen as (
    select * from {{ source('snapshots', 'fct_alert') }}
),

newest_revisions as (
    select
        revisions.as_of_week,
        max(revisions.revision) as revision
    from {{ source('snapshots', 'revisions') }} as revisions
    group by revisions.as_of_week
),

ranked as (
    select
        frozen.*,
        frozen.revision = newest_revisions.revision as is_newest,
        row_number() over (partition by frozen.alert_id order by frozen.as_of_week asc, frozen.revision desc) as newness
    from frozen
    inner join newest_revisions on frozen.as_of_week = newest_revisions.as_of_week
),

-- a retraction that a newer revision does not repeat is void
alerts as (
    select * from ranked
    where newness = 1 and (alert_type <> 'retracted' or is_newest)
),

retracted as (
    select distinct supersedes_alert_id as alert_id
    from alerts
    where alert_type = 'retracted'
),

newest_week as (
    select
        max(as_of_week) as as_of_week,
        max_by(revision, as_of_week) as revision
    from newest_revisions
),

running as (
    select distinct episodes.alert_id
    from {{ source('snapshots', 'alert_episode') }} as episodes
    inner join newest_week
        on episodes.as_of_week = newest_week.as_of_week and episodes.revision = newest_week.revision
),

moves as (
    select
        journal.alert_id,
        max_by(journal.status, journal.seq) as status,
        max_by(journal.snoozed_until, journal.seq) as snoozed_until
    from {{ source('state', 'alert_states') }} as journal
    group by journal.alert_id
),

states as (
    select
        alerts.*,
        moves.snoozed_until as snooze_ends,
        case
            when retracted.alert_id is not null then 'retracted'
            when moves.status = 'resolved' then 'resolved'
            -- an episode that is over, and a retraction of an older week
            when running.alert_id is null and alerts.as_of_week <> newest_week.as_of_week then 'expired'
            when moves.status = 'snoozed' and moves.snoozed_until <= {{ today() }} then 'open'
            else coalesce(moves.status, 'open')
        end as status
    from alerts
    left join retracted on alerts.alert_id = retracted.alert_id
    left join running on alerts.alert_id = running.alert_id
    left join moves on alerts.alert_id = moves.alert_id
    cross join newest_week
),

with_snooze as (
    select
        *,
        case when status = 'snoozed' then snooze_ends end as snoozed_until
    from states
)

select {{ frozen_columns() }}
from with_snooze
