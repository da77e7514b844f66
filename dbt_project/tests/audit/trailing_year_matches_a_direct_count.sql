-- Shares over the trailing year, counted without running sums: every pair-week joined to each week whose year has it.
with suppliers as (
    {{ direct_year('supplier', 'consignee') }}
),

consignees as (
    {{ direct_year('consignee', 'supplier') }}
)

select 'supplier' as side, own_key, week_start_date
from suppliers

union all

select 'consignee' as side, own_key, week_start_date
from consignees
