{{ built_after('queue_record') }}
-- One row per spelling of a record that changes, with the entity it had.

{% set records = as_built_before('int_record') %}
{% set notified = as_built_before('int_record_notify') %}
{% set spellings = as_built_before('int_party_name_variant') %}

{% if spellings is none or records is none or notified is none or flags.FULL_REFRESH %}
select cast(null as bigint) as spelling_id, cast(null as varchar) as entity_id
where false
{%- else %}
with used as (
    select shipper_spelling_id as spelling_id
    from {{ records }}
    where identifier in (select queued.identifier from {{ ref('queue_record') }} as queued)

    union

    select consignee_spelling_id
    from {{ records }}
    where identifier in (select queued.identifier from {{ ref('queue_record') }} as queued)

    union

    select spelling_id
    from {{ notified }}
    where identifier in (select queued.identifier from {{ ref('queue_record') }} as queued)
)

select spellings.spelling_id, spellings.entity_id
from {{ spellings }} as spellings
where spellings.spelling_id in (select used.spelling_id from used)
{%- endif %}
