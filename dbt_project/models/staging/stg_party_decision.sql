with source as (
    select * from {{ source('parties', 'decisions') }}
)

select
    batch,
    spelling_id,
    party_kind,
    raw_name,
    raw_address,
    first_run_date,
    clean_name,
    is_order,
    role,
    entity_id,
    method,
    score,
    reasons,
    er_version,
    decided_at
from source
