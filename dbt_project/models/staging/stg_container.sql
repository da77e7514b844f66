with source as (
    select * from {{ source('raw', 'container') }}
)

select
    release_date,
    identifier,
    upper(container_number) as container_number,
    container_length,
    upper(container_type) as container_type
from source
-- loose cargo is written as NC, NA or NONE here
where {{ matches('upper(container_number)', '^[A-Z]{4}[0-9]{7}$') }}
