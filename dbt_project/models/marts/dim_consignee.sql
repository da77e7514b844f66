{{ config(changed_by='int_changed_entity', changed_key={'consignee_id': 'entity_id'}) }}

with name_variants as (
    select * from {{ ref('int_party_name_variant') }}
    where
        party_kind = 'consignee'
        and entity_id is not null
        and {{ changed('int_changed_entity', 'entity_id') }}
),

{{ entity_profiles('name_variants', 'consignee_spelling_id') }}

select
    entity_id as consignee_id,
    entity_name as consignee_name,
    state,
    city,
    country_code,
    role,
    first_seen_date,
    last_seen_date,
    spellings,
    confidence,
    group_id,
    country_source,
    city_source
from profiles
