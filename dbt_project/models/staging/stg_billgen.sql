with source as (
    select * from {{ source('raw', 'billgen') }}
),

bill_types as (
    select * from {{ ref('code_words') }}
    where kind = 'bill_type'
)

select
    source.release_date,
    source.identifier,
    {{ key_of('upper(source.master_bol_number)') }} as family_key,
    upper(source.master_bol_number) as master_bol_number,
    upper(coalesce(source.house_bol_number, '')) as house_bol_number,
    upper(coalesce(source.sub_house_bol_number, '')) as sub_house_bol_number,
    upper(coalesce(source.voyage_number, '')) as voyage_number,
    coalesce(bill_types.code, source.bill_type_code) as bill_type,
    source.trade_update_date,
    source.run_date
from source
left join bill_types on {{ code_word('source.bill_type_code') }} = bill_types.word
