{{ config(tags=['weekly']) }}

with source as (
    select * from {{ source('weekly', 'text_cells') }}
)

select
    text_key,
    hs4,
    confidence
from source
