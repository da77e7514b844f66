with source as (
    select * from {{ source('parties', 'entities') }}
)

select
    batch,
    entity_id,
    party_kind,
    entity_name,
    role,
    group_id,
    confidence,
    status,
    merged_into,
    split_from,
    reason,
    er_version
from source
