{{ config(tags=['weekly']) }}

with source as (
    select * from {{ source('weekly', 'product_choices') }}
)

select
    text_key,
    supplier_id,
    recorded_source,
    recorded_hs4,
    hs4,
    probability
from source
