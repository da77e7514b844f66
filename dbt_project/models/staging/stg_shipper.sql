with source as (
    select * from {{ source('raw', 'shipper') }}
),

named as (
    select
        *,
        concat_ws(
            ' ', shipper_party_address_1, shipper_party_address_2, shipper_party_address_3, shipper_party_address_4
        ) as raw_address
    from source
    where shipper_party_name is not null
)

select
    release_date,
    identifier,
    {{ key_of("concat('supplier|', shipper_party_name, '|', raw_address)") }} as spelling_id,
    'supplier' as party_kind,
    shipper_party_name as raw_name,
    raw_address,
    {{ city_name('city') }} as city,
    {{ state_code('state_province') }} as state,
    upper(country_code) as country_code
from named
