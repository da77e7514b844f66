{{ config(changed_by='int_changed_entity', changed_key={'supplier_id': 'entity_id'}) }}

with name_variants as (
    select * from {{ ref('int_party_name_variant') }}
    where
        party_kind = 'supplier'
        and entity_id is not null
        and {{ changed('int_changed_entity', 'entity_id') }}
),

{{ entity_profiles('name_variants', 'shipper_spelling_id') }}

select
    entity_id as supplier_id,
    entity_name as supplier_name,
    country_code,
    city,
    role,
    first_seen_date,
    last_seen_date,
    spellings,
    confidence,
    group_id,
    country_source,
    city_source
from profiles
