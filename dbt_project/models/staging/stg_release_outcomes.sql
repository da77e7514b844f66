with source as (
    select * from {{ outcome_rows() }}
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
