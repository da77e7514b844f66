{{ config(tags=['weekly']) }}

with source as (
    select * from {{ text_cell_rows() }}
)

select
    text_key,
    hs4,
    confidence
from source
