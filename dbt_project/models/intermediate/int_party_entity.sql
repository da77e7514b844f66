{{ config(
    incremental_strategy='delete+insert',
    unique_key='entity_id',
    tested_by='int_changed_batch',
    tested_key='batch'
) }}

with entities as (
    select * from {{ source('parties', 'entities') }}
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
