-- One row per consignee, with a whole number as its key.

select
    consignee_id,
    cast(row_number() over (order by consignee_id) as integer) as consignee_key,
    split_part({{ clean_words('consignee_name') }}, ' ', 1) as first_word
from {{ ref('dim_consignee') }}
