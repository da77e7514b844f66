{{ config(materialized='view') }}

select
    text_key,
    supplier_id,
    recorded_source,
    recorded_hs4,
    hs4,
    probability
from {{ source('weekly', 'published_choices') }}
