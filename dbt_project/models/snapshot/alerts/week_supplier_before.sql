-- One row per supplier and moment before now (`last`: the year that ends with the last frozen week, `half_year`: the
-- one that ended 26 weeks ago): how its named customers shared that year, under the parties of now.

{% set half_year_weeks = 26 %}

with volumes as (
    {{ year_volumes('asof_week', half_year_weeks) }}
),

pairs as (
    select
        'last' as moment,
        supplier_key,
        consignee_key,
        bills,
        volume
    from {{ ref('week_pair_before') }}

    union all

    select
        'half_year' as moment,
        supplier_key,
        consignee_key,
        bills,
        volume
    from volumes
),

sums as (
    select
        moment,
        supplier_key,
        sum(bills) as bills,
        sum(volume) as volume,
        sum(case when consignee_key is not null then volume end) as named_volume,
        sum(case when consignee_key is not null then volume * volume end) as named_squares
    from pairs
    group by moment, supplier_key
)

select
    moment,
    supplier_key,
    cast(bills as bigint) as bills,
    cast(named_squares as double) / nullif(cast(named_volume as double) * cast(named_volume as double), 0) as hhi,
    {{ share_of('coalesce(named_volume, 0)', 'volume') }} as coverage
from sums
