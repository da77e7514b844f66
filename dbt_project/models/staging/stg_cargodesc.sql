with source as (
    select * from {{ source('raw', 'cargodesc') }}
)

select
    release_date,
    identifier,
    container_number,
    description_sequence_number,
    description_text
from source
where description_text is not null
