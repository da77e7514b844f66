{{ config(tags=['weekly']) }}

with source as (
    select * from {{ source('weekly', 'watched') }}
)

select supplier_id
from source
