with source as (
    select * from {{ party_batches() }}
)

select batch
from source
