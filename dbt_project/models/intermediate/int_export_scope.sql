{{ config(materialized='view') }}

-- distinct: a row per name of the firm
select distinct
    export_id,
    vendor,
    file_name,
    scope_kind,
    scope_value,
    first_date,
    last_date,
    is_complete,
    is_guessed,
    reason,
    exported_on,
    lag_days,
    known_by,
    rows_in,
    rows_loaded,
    rows_quarantined,
    rows_repeated
from {{ source('imports', 'scope') }}
