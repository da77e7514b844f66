-- One row per supplier with bills in the 52 weeks that end with the last frozen week: how its named customers shared
-- that year, under the parties of now.

with sums as (
    select
        supplier_key,
        sum(bills) as bills,
        sum(volume) as volume,
        sum(case when consignee_key is not null then volume end) as named_volume,
        sum(case when consignee_key is not null then volume * volume end) as named_squares
    from {{ ref('week_pair_before') }}
    group by supplier_key
)

select
    supplier_key,
    cast(bills as bigint) as bills,
    cast(named_squares as double) / nullif(cast(named_volume as double) * cast(named_volume as double), 0) as hhi,
    {{ share_of('coalesce(named_volume, 0)', 'volume') }} as coverage
from sums
