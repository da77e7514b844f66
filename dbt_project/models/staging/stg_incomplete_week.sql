{{ config(tags=['weekly']) }}

with source as (
    select * from {{ incomplete_rows() }}
)

select week_number
from source
