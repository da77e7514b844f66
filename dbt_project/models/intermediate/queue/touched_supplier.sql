{{ config(materialized='table') }}

-- One row per touched supplier, with its first touched week: the years of all its later weeks may hold the change.
select
    supplier_key as supplier_id,
    min(week_start_date) as week_start_date
from {{ ref('touched_pair_week') }}
where supplier_key <> ''
group by supplier_key
