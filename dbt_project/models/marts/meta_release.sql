{{ config(materialized='table') }}

select
    release_date,
    table_name,
    file_name,
    expected,
    outcome,
    waived_by,
    rows_in,
    rows_loaded,
    rows_quarantined,
    bytes,
    sha256,
    url,
    reason,
    finished_at
from {{ ref('int_release_outcome') }}
