with source as (
    select * from {{ source('raw', 'notifyparty') }}
),

named as (
    select
        *,
        concat_ws(
            ' ', notify_party_address_1, notify_party_address_2, notify_party_address_3, notify_party_address_4
        ) as raw_address
    from source
    where notify_party_name is not null
)

select
    release_date,
    identifier,
    {{ key_of("concat('consignee|', notify_party_name, '|', raw_address)") }} as spelling_id,
    'consignee' as party_kind,
    notify_party_name as raw_name,
    raw_address,
    {{ city_name('city') }} as city,
    {{ state_code('state_province') }} as state,
    upper(country_code) as country_code
from named
