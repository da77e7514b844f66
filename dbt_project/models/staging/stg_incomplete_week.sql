{{ config(tags=['weekly']) }}

with source as (
    select * from {{ source('weekly', 'incomplete_weeks') }}
)

select
    week_number,
    missing_part
from source
