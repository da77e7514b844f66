with source as (
    select * from {{ source('weekly', 'release_days') }}
)

select
    release_date,
    expected,
    waived_by
from source
