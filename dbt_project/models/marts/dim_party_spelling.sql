{{ config(touched_by='touched_spelling', touched_key='spelling_id') }}

-- One row per spelling of a party, with the entity it was read as.

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
    decided_at
from {{ ref('int_party_name_variant') }}
where {{ touched('touched_spelling', 'spelling_id') }}
