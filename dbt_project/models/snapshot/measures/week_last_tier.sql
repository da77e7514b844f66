-- One row per supplier and consignee of the last week that was frozen before this one, in its newest revision.

with frozen as (
    select
        rows_before.as_of_week,
        rows_before.revision,
        rows_before.supplier_id,
        rows_before.consignee_id,
        rows_before.tier
    from {{ source('earlier_snapshots', 'fct_tier') }} as rows_before
    cross join {{ ref('asof_week') }} as week
    where rows_before.as_of_week < week.as_of_week
)

select
    supplier_id,
    consignee_id,
    tier
from frozen
where (as_of_week, revision) = (select max((newest.as_of_week, newest.revision)) from frozen as newest)
