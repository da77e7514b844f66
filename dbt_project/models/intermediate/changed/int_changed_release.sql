{{ config(materialized='table', pre_hook="{{ forget_applied() }}") }}
{{ built_after('stg_header', 'stg_release_outcomes') }}
{% set applied = as_built_before('int_release_applied') %}
{% set records = as_built_before('int_record') %}
{% set unfinished = as_built_before('int_changed_release') %}

with outcomes as (
    select * from {{ ref('stg_release_outcomes') }}
),

recent as (
    select
        release_date,
        raw_version,
        row_number() over (partition by release_date order by seq desc) as recency
    from outcomes
    where outcome = 'loaded'
),

accepted as (
    select release_date, raw_version
    from recent
    where recency = 1
),

applied as (
    {% if applied is none or flags.FULL_REFRESH %}
    select cast(null as date) as release_date, cast(null as varchar) as raw_version
    where false
    {%- else %}
    select release_date, raw_version
    from {{ applied }}
    {%- endif %}
),

pending as (
    select
        accepted.release_date,
        accepted.raw_version,
        applied.release_date is not null as is_republished
    from accepted
    left join applied on accepted.release_date = applied.release_date
    where applied.raw_version is null or accepted.raw_version <> applied.raw_version
)

{%- if records is not none and not flags.FULL_REFRESH %},

republished as (
    select release_date from pending
    where is_republished
),

-- records that a corrected release no longer has may be in another release, which is then read again
withdrawn as (
    select records.identifier
    from {{ records }} as records
    where
        records.release_date in (select republished.release_date from republished)
        and records.identifier not in (
            select header.identifier
            from {{ ref('stg_header') }} as header
            where header.release_date in (select republished.release_date from republished)
        )
),

also_in as (
    select distinct header.release_date
    from {{ ref('stg_header') }} as header
    where header.identifier in (select withdrawn.identifier from withdrawn)
),

unfinished as (
    {% if unfinished is none %}
    select cast(null as date) as release_date
    where false
    {%- else %}
    -- a run that was killed was building these
    select release_date
    from {{ unfinished }}
    {%- endif %}
)

select release_date, raw_version
from accepted
where
    release_date in (select pending.release_date from pending)
    or release_date in (select also_in.release_date from also_in)
    or release_date in (select unfinished.release_date from unfinished)
{%- else %}

select release_date, raw_version
from pending
{%- endif %}
