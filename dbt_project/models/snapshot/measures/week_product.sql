-- One row per named supplier, named consignee and product (`unknown`) of the 52 weeks: volumes and alternatives.

with markets as (
    select
        hs4,
        origin_country_code,
        sum(teu) as teu,
        sum(weight_kg) as weight_kg,
        sum(sized_weight_kg) as sized_weight_kg,
        sum(teu) filter (where supplier_key is null and consignee_key is null) as hidden_teu,
        sum(weight_kg) filter (where supplier_key is null and consignee_key is null) as hidden_kg
    from {{ ref('week_cell') }}
    where bills > 0
    group by hs4, origin_country_code
),

-- of each product and origin, the part of the volume where neither side has a name
hidden as (
    select
        hs4,
        origin_country_code,
        cast(
            case
                when {{ is_in_teu('teu', 'weight_kg', 'sized_weight_kg') }}
                    then {{ share_of('coalesce(hidden_teu, 0)', 'teu') }}
                else {{ share_of('coalesce(hidden_kg, 0)', 'weight_kg') }}
            end as decimal(9, 8)
        ) as hidden_share
    from markets
),

cells as (
    select
        cells.supplier_key,
        cells.consignee_key,
        coalesce(cells.hs4, 'unknown') as hs4,
        cells.bills,
        coalesce(cells.teu, 0) as teu,
        coalesce(cells.weight_kg, 0) as weight_kg,
        {{ unit_volume('suppliers.is_in_teu', 'cells.teu', 'cells.weight_kg') }} as volume,
        hidden.hidden_share
    from {{ ref('week_cell') }} as cells
    inner join {{ ref('week_supplier') }} as suppliers on cells.supplier_key = suppliers.supplier_key
    left join hidden
        on
            cells.hs4 is not distinct from hidden.hs4
            and cells.origin_country_code is not distinct from hidden.origin_country_code
    where cells.consignee_key is not null and cells.bills > 0
),

products as (
    select
        supplier_key,
        consignee_key,
        hs4,
        sum(bills) as bills,
        sum(teu) as teu,
        sum(weight_kg) as weight_kg,
        sum(volume) as volume,
        sum(volume * hidden_share) as hidden_volume,
        sum(case when hidden_share is not null then volume end) as judged_volume
    from cells
    group by supplier_key, consignee_key, hs4
),

-- distinct: two suppliers of one group have the same qualified ones
current_suppliers as (
    select distinct
        consignee_id,
        hs4,
        qualified_supplier_id as supplier_id
    from {{ ref('week_alternative_own') }}
),

-- a supplier and its group are no alternative to itself
own as (
    select
        customers.consignee_key,
        qualified.hs4,
        sellers.group_id,
        count(*) as suppliers
    from current_suppliers as qualified
    inner join {{ ref('week_supplier_entity') }} as sellers on qualified.supplier_id = sellers.supplier_id
    inner join {{ ref('week_consignee_entity') }} as customers on qualified.consignee_id = customers.consignee_id
    group by customers.consignee_key, qualified.hs4, sellers.group_id
),

candidates as (
    select
        customers.consignee_key,
        counts.hs4,
        counts.qualified
    from {{ ref('week_alternative_count') }} as counts
    inner join {{ ref('week_consignee_entity') }} as customers on counts.consignee_id = customers.consignee_id
),

counted as (
    select
        products.*,
        greatest(coalesce(candidates.qualified, 0) - coalesce(own.suppliers, 0), 0) as alternatives
    from products
    inner join {{ ref('week_supplier_entity') }} as sellers on products.supplier_key = sellers.supplier_key
    left join candidates
        on products.consignee_key = candidates.consignee_key and products.hs4 = candidates.hs4
    left join own
        on
            products.consignee_key = own.consignee_key
            and products.hs4 = own.hs4
            and sellers.group_id = own.group_id
)

select
    counted.supplier_key,
    counted.consignee_key,
    counted.hs4,
    cast(counted.bills as bigint) as bills,
    counted.teu,
    counted.weight_kg,
    counted.volume,
    counted.hidden_volume,
    counted.judged_volume,
    cast(counted.alternatives as bigint) as alternatives,
    counted.alternatives / cast(counted.alternatives + rules.alternatives_half as double) as supplier_substitutability
from counted
cross join {{ ref('week_rule') }} as rules
