with source as (
    select * from {{ source('state', 'release_outcomes') }}
)

select
    seq,
    release_date,
    table_name,
    file_name,
    outcome,
    rows_in,
    rows_loaded,
    rows_quarantined,
    bytes,
    sha256,
    url,
    reason,
    finished_at,
    raw_version
from source
where seq is not null
