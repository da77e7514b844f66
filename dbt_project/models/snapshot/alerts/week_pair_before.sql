-- One row per supplier and consignee (null: unnamed) with bills in the 52 weeks that end with the last frozen week:
-- that year's volume and share as known now and under the parties of now, so that what a merge, a split or a late bill
-- moves is no move from then to now. None where no week was frozen.

with volumes as (
    {{ year_volumes('week_past') }}
),

totals as (
    select
        *,
        sum(volume) over (partition by supplier_key) as supplier_volume
    from volumes
)

select
    supplier_key,
    consignee_key,
    cast(bills as bigint) as bills,
    volume,
    {{ share_of('volume', 'supplier_volume') }} as share
from totals
