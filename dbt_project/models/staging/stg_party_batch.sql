with source as (
    select * from {{ source('parties', 'batches') }}
)

select batch
from source
