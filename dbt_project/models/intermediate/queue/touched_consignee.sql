{{ config(materialized='table') }}

-- One row per touched consignee, with its first touched week: the years of all its later weeks may hold the change.
select
    consignee_key as consignee_id,
    min(week_start_date) as week_start_date
from {{ ref('touched_pair_week') }}
where consignee_key <> ''
group by consignee_key
