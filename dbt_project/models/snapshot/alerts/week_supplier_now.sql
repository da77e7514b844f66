-- One row per supplier of the 52 weeks beside its years before: how its named customers share it, and which of them
-- moved most since the last frozen week. The years before are those that end with the last frozen week and half a year
-- ago, under the parties of now.

with moves as (
    select
        now.supplier_key,
        max_by(
            now.consignee_key, (abs(now.share - coalesce(before.share, 0)), now.consignee_key)
        ) as driver_key
    from {{ ref('week_pair_share') }} as now
    left join {{ ref('week_pair_before') }} as before
        on now.supplier_key = before.supplier_key and now.consignee_key = before.consignee_key
    group by now.supplier_key
),

half_year_volumes as (
    {{ year_volumes('asof_week', half_year_weeks()) }}
),

pairs as (
    select
        'last' as moment,
        supplier_key,
        consignee_key,
        volume
    from {{ ref('week_pair_before') }}

    union all

    select
        'half_year' as moment,
        supplier_key,
        consignee_key,
        volume
    from half_year_volumes
),

sums as (
    select
        moment,
        supplier_key,
        sum(volume) as volume,
        sum(case when consignee_key is not null then volume end) as named_volume,
        sum(case when consignee_key is not null then volume * volume end) as named_squares
    from pairs
    group by moment, supplier_key
),

earlier as (
    select
        moment,
        supplier_key,
        cast(named_squares as double) / nullif(cast(named_volume as double) * cast(named_volume as double), 0) as hhi,
        {{ share_of('coalesce(named_volume, 0)', 'volume') }} as coverage
    from sums
)

select
    suppliers.supplier_key,
    suppliers.bills,
    cast(suppliers.named_squares as double)
    / nullif(cast(suppliers.named_volume as double) * cast(suppliers.named_volume as double), 0) as hhi,
    {{ share_of('suppliers.named_volume', 'suppliers.volume') }} as coverage,
    before.hhi as hhi_before,
    before.coverage as coverage_before,
    half_year.hhi as hhi_half_year,
    moves.driver_key
from {{ ref('week_supplier') }} as suppliers
left join earlier as before
    on suppliers.supplier_key = before.supplier_key and before.moment = 'last'
left join earlier as half_year
    on suppliers.supplier_key = half_year.supplier_key and half_year.moment = 'half_year'
left join moves on suppliers.supplier_key = moves.supplier_key
