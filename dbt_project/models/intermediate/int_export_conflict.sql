{{ config(materialized='view') }}

select
    bill_number,
    field,
    kept_value,
    kept_source,
    other_value,
    other_source
from {{ source('imports', 'conflict') }}
