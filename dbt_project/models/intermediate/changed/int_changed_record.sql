{{ built_after('int_changed_release', 'stg_billgen', 'stg_header') }}
{% set records = as_built_before('int_record') %}
{% set releases = ref('int_changed_release') %}

{% if records is none or flags.FULL_REFRESH %}
select cast(null as bigint) as identifier, cast(null as bigint) as family_key
where false
{%- else %}
with delivered as (
    -- a header without its bill numbers is no record and replaces none
    select header.identifier, max(header.release_date) as release_date
    from {{ ref('stg_header') }} as header
    inner join {{ ref('stg_billgen') }} as billgen
        on header.identifier = billgen.identifier and header.release_date = billgen.release_date
    where {{ pending_list(releases, 'header.release_date') }}
    group by header.identifier
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
