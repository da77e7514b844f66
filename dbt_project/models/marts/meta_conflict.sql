{{ config(materialized='table') }}

select
    bill_number,
    field,
    kept_value,
    kept_source,
    other_value,
    other_source
from {{ ref('int_export_conflict') }}
