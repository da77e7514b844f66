with source as (
    select * from {{ source('raw', 'consignee') }}
),

named as (
    select
        *,
        concat_ws(
            ' ', consignee_address_1, consignee_address_2, consignee_address_3, consignee_address_4
        ) as raw_address
    from source
    where consignee_name is not null
)

select
    release_date,
    identifier,
    {{ key_of("concat('consignee|', consignee_name, '|', raw_address)") }} as spelling_id,
    'consignee' as party_kind,
    consignee_name as raw_name,
    raw_address,
    {{ city_name('city') }} as city,
    {{ state_code('state_province') }} as state,
    upper(country_code) as country_code
from named
