-- One row per supplier of the 52 weeks beside its year before: how its named customers share it, and which of them
-- moved most.

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
)

select
    suppliers.supplier_key,
    suppliers.bills,
    suppliers.customers,
    cast(suppliers.named_squares as double)
    / nullif(cast(suppliers.named_volume as double) * cast(suppliers.named_volume as double), 0) as hhi,
    {{ share_of('suppliers.named_volume', 'suppliers.volume') }} as coverage,
    before.bills as bills_before,
    before.hhi as hhi_before,
    before.coverage as coverage_before,
    moves.driver_key
from {{ ref('week_supplier') }} as suppliers
left join {{ ref('week_supplier_before') }} as before on suppliers.supplier_key = before.supplier_key
left join moves on suppliers.supplier_key = moves.supplier_key
