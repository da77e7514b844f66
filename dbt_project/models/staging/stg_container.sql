with source as (
    select * from {{ source('raw', 'container') }}
),

read_numbers as (
    select
        release_date,
        identifier,
        {{ container_number_of('container_number') }} as container_number,
        container_length,
        upper(container_type) as container_type
    from source
)

select *
from read_numbers
-- loose cargo is written as NC, NA or NONE here
where container_number is not null
