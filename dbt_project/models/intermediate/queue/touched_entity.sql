{{ config(materialized='table') }}
{{ built_after('int_party_entity', 'queue_batch') }}

-- One row per entity of which a spelling came, changed or went, or that a pending batch changes.
select entity_id
from {{ ref('int_party_name_variant') }}
where
    spelling_id in (select touched.spelling_id from {{ ref('touched_spelling') }} as touched)
    and entity_id is not null

union

select entity_id
from {{ ref('queue_spelling') }}
where entity_id is not null

union

select entity_id
from {{ ref('queue_decision') }}
where entity_id is not null

union

select entity_id
from {{ ref('int_party_entity') }}
where {{ batch_list(ref('queue_batch')) }}
