{{ built_after('int_changed_release', 'stg_header') }}
{% set records = as_built_before('int_record') %}
{% set releases = ref('int_changed_release') %}

{% if records is none or flags.FULL_REFRESH %}
select cast(null as bigint) as identifier, cast(null as bigint) as family_key
where false
{%- else %}
with delivered as (
    select identifier, max(release_date) as release_date
    from {{ ref('stg_header') }}
    where {{ pending_list(releases, 'release_date') }}
    group by identifier
)

select
    records.identifier,
    records.family_key
from {{ records }} as records
left join delivered on records.identifier = delivered.identifier
where
    records.release_date in (select pending.release_date from {{ releases }} as pending)
    -- a record is as its newest release has it
    or records.release_date < delivered.release_date
{{ not_listed_yet() }}
{%- endif %}
