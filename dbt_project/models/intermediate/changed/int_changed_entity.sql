{{ config(materialized='table') }}
{{ built_after('int_changed_batch', 'int_party_entity') }}

select entity_id
from {{ ref('int_party_name_variant') }}
where
    spelling_id in (select changed.spelling_id from {{ ref('int_changed_name_variant') }} as changed)
    and entity_id is not null

union

-- the entity that a name variant had before
select entity_id
from {{ ref('int_changed_name_variant') }}
where entity_id is not null

union

select entity_id
from {{ ref('int_party_entity') }}
where {{ batch_list(ref('int_changed_batch')) }}
