{{ config(materialized='table') }}

-- One row per touched pair, with its first touched week: the rhythm of all its later weeks may hold the change.
select
    supplier_key,
    consignee_key,
    min(week_start_date) as week_start_date
from {{ ref('touched_pair_week') }}
where supplier_key <> '' and consignee_key <> ''
group by supplier_key, consignee_key
