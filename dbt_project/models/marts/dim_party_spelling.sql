{{ config(changed_by='int_changed_name_variant', changed_key='spelling_id') }}

select
    spelling_id,
    party_kind,
    raw_name,
    raw_address,
    entity_id,
    method,
    score,
    reasons,
    er_version,
    decided_at,
    other_party
from {{ ref('int_party_name_variant') }}
where {{ changed('int_changed_name_variant', 'spelling_id') }}
