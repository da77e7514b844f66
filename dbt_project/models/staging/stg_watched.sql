{{ config(tags=['weekly']) }}

with source as (
    select * from {{ watched_rows() }}
)

select supplier_id
from source
