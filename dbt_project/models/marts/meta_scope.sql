{{ config(materialized='table') }}

select
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
from {{ ref('int_export_scope') }}
