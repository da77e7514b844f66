{{ built_after('int_party_decision', 'queue_batch') }}
-- One row per spelling in use that a pending batch decides, with the entity it had, and whether what a bill shows of it
-- has moved.

{% set spellings = as_built_before('int_party_name_variant') %}

{% if spellings is none or flags.FULL_REFRESH %}
select
    cast(null as bigint) as spelling_id,
    cast(null as varchar) as entity_id,
    cast(null as boolean) as is_moved
where false
{%- else %}
select
    built.spelling_id,
    built.entity_id,
    coalesce(built.entity_id, '') <> coalesce(decided.entity_id, '')
    or coalesce(built.role, '') <> decided.role
    or coalesce(built.is_order, false) <> decided.is_order
    or coalesce(built.clean_name, '') <> decided.clean_name as is_moved
from {{ ref('int_party_decision') }} as decided
inner join {{ spellings }} as built on decided.spelling_id = built.spelling_id
where {{ batch_list(ref('queue_batch')) }}
{%- endif %}
