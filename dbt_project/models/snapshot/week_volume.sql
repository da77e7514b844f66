-- One row per supplier, consignee (null: unnamed) and product (null: unknown) with bills in the 52 weeks.

with volumes as (
    select
        supplier_key,
        consignee_key,
        hs4,
        cast(sum(bills) as bigint) as bills,
        cast(coalesce(sum(teu), 0) as decimal(28, 12)) as teu,
        cast(coalesce(sum(weight_kg), 0) as decimal(28, 9)) as weight_kg,
        cast(coalesce(sum(sized_weight_kg), 0) as decimal(28, 9)) as sized_weight_kg,
        cast(coalesce(sum(containers), 0) as decimal(28, 12)) as containers
    from {{ ref('week_cell') }}
    where bills > 0
    group by supplier_key, consignee_key, hs4
)

select
    sellers.supplier_id,
    customers.consignee_id,
    volumes.hs4,
    volumes.bills,
    volumes.teu,
    volumes.weight_kg,
    volumes.sized_weight_kg,
    volumes.containers
from volumes
left join {{ ref('week_supplier_entity') }} as sellers on volumes.supplier_key = sellers.supplier_key
left join {{ ref('week_consignee_entity') }} as customers on volumes.consignee_key = customers.consignee_key
