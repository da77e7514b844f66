{{ config(post_hook='{{ show_published_choices() }}') }}

-- One row per published week and revision, as in the journal; a snapshot itself holds no clock.

with source as (
    select * from {{ source('state', 'publishes') }}
    where event = 'published'
)

select
    as_of_week,
    revision,
    published_at,
    newest_release_date,
    closed_through_date,
    er_version,
    ruleset_version,
    code_version,
    reason
from source
