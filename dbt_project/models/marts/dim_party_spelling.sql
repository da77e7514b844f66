{{ config(touched_by='touched_spelling', touched_key='spelling_id') }}

-- One row per spelling of a party, with the entity it was read as.

select
    spelling_id,
    party_kind,
    raw_name,
    raw_address,
    entity_id,
    'cleaned_name' as method,
    cast(1 as double) as score,
    case
        when is_order and entity_id is not null then 'the order names this party'
        when is_order then 'to-order bill that names no party'
        when entity_id is null then 'no name'
        else concat('cleaned name: ', clean_name)
    end as reasons,
    'cleaned-1' as er_version,
    cast(first_run_date as timestamp) as decided_at
from {{ ref('int_party_spelling') }}
where {{ touched('touched_spelling', 'spelling_id') }}
