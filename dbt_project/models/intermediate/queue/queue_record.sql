{{ built_after('queue_release', 'stg_header') }}
-- Records built before that a pending release brings again, corrects or withdraws.

{% set records = as_built_before('int_record') %}
{% set queue = ref('queue_release') %}

{% if records is none or flags.FULL_REFRESH %}
select cast(null as bigint) as identifier
where false
{%- else %}
with tonight as (
    select identifier, max(release_date) as release_date
    from {{ ref('stg_header') }}
    where {{ pending_list(queue, 'release_date') }}
    group by identifier
)

select records.identifier
from {{ records }} as records
left join tonight on records.identifier = tonight.identifier
where
    records.release_date in (select pending.release_date from {{ queue }} as pending)
    -- a record stands as its newest release has it
    or records.release_date < tonight.release_date
{%- endif %}
