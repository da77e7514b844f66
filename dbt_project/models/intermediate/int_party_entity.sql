{{ config(
    incremental_strategy='delete+insert',
    unique_key='entity_id',
    tonight_by='queue_batch',
    tonight_key='batch'
) }}

-- One row per entity ever named, as its newest batch has it.

with entities as (
    select * from {{ ref('stg_party_entity') }}
    where {{ pending_batches() }}
),

counting as (
    select
        entity_id,
        {{ counting_batch() }} as batch
    from entities
    group by entity_id
)

select
    entities.entity_id,
    entities.batch,
    entities.party_kind,
    entities.entity_name,
    entities.role,
    entities.group_id,
    entities.confidence,
    entities.status,
    entities.merged_into,
    entities.split_from
from entities
inner join counting on entities.entity_id = counting.entity_id and entities.batch = counting.batch
