{{ config(materialized='table') }}

with outcomes as (
    select * from {{ ref('stg_release_outcomes') }}
),

release_days as (
    select * from {{ source('weekly', 'release_days') }}
),

loads as (
    select
        *,
        last_value(raw_version) over (
            partition by release_date
            order by seq
            rows between unbounded preceding and unbounded following
        ) as accepted_version
    from outcomes
    where outcome in ('loaded', 'partial')
),

replaced as (
    select release_date, max(seq) as last_seq
    from loads
    where raw_version <> accepted_version
    group by release_date
),

-- a corrected release replaces the older one whole: a file that it no longer has is gone
current_attempts as (
    select outcomes.*
    from outcomes
    left join replaced on outcomes.release_date = replaced.release_date
    where replaced.last_seq is null or outcomes.seq > replaced.last_seq
),

ranked as (
    select
        *,
        row_number() over (partition by release_date, table_name order by seq desc) as recency,
        max(case when outcome in ('loaded', 'partial') then seq end)
            over (partition by release_date, table_name) as loaded_seq
    from current_attempts
),

newest as (
    select * from ranked
    where recency = 1
)

select
    newest.release_date,
    newest.table_name,
    coalesce(loaded.file_name, newest.file_name) as file_name,
    -- the same bytes again are as partial as before
    case
        when newest.outcome = 'unchanged' and loaded.outcome = 'partial' then 'partial' else newest.outcome
    end as outcome,
    loaded.rows_in,
    loaded.rows_loaded,
    loaded.rows_quarantined,
    coalesce(loaded.bytes, newest.bytes) as bytes,
    coalesce(loaded.sha256, newest.sha256) as sha256,
    coalesce(loaded.url, newest.url) as url,
    case
        when newest.outcome = 'unchanged' and loaded.outcome = 'partial' then loaded.reason else newest.reason
    end as reason,
    newest.finished_at,
    coalesce(release_days.expected, true) as expected,
    release_days.waived_by
from newest
left join outcomes as loaded on newest.loaded_seq = loaded.seq
left join release_days on newest.release_date = release_days.release_date
