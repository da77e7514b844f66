{{ built_after('queue_record', 'queue_release', 'stg_billgen') }}
-- One row per family that changes: a master bill number with its houses, among which versions and level are decided.

{% set records = as_built_before('int_record') %}
{% set queue = ref('queue_release') %}

{% if records is none or flags.FULL_REFRESH %}
select cast(null as bigint) as family_key
where false
{%- else %}
select family_key
from {{ ref('stg_billgen') }}
where {{ pending_list(queue, 'release_date') }}

union

select family_key
from {{ records }}
where identifier in (select queued.identifier from {{ ref('queue_record') }} as queued)
{%- endif %}
