with source as (
    select * from {{ source('raw', 'billgen') }}
)

select
    release_date,
    identifier,
    {{ key_of('upper(master_bol_number)') }} as family_key,
    upper(master_bol_number) as master_bol_number,
    upper(coalesce(house_bol_number, '')) as house_bol_number,
    upper(coalesce(sub_house_bol_number, '')) as sub_house_bol_number,
    upper(coalesce(voyage_number, '')) as voyage_number,
    bill_type_code as bill_type,
    trade_update_date,
    run_date
from source
