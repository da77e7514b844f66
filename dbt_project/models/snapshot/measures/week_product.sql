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
        coalesce(cells.uncertain_teu, 0) as uncertain_teu,
        coalesce(cells.uncertain_kg, 0) as uncertain_kg,
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
        sum(uncertain_teu) as uncertain_teu,
        sum(uncertain_kg) as uncertain_kg,
        sum(volume) as volume,
        sum(volume * hidden_share) as hidden_volume,
        sum(case when hidden_share is not null then volume end) as judged_volume
    from cells
    group by supplier_key, consignee_key, hs4
),

counted as (
    select
        products.*,
        coalesce(counts.grade_a, 0) - coalesce(own.grade_a, 0) as grade_a,
        coalesce(counts.grade_b, 0) - coalesce(own.grade_b, 0) as grade_b,
        coalesce(counts.grade_c, 0) - coalesce(own.grade_c, 0) as grade_c
    from products
    inner join {{ ref('week_supplier_entity') }} as sellers on products.supplier_key = sellers.supplier_key
    inner join {{ ref('week_consignee_entity') }} as customers on products.consignee_key = customers.consignee_key
    left join {{ ref('week_alternative_count') }} as counts
        on customers.consignee_id = counts.consignee_id and products.hs4 = counts.hs4
    -- a supplier and its group are no alternative to itself
    left join {{ ref('week_alternative_own') }} as own
        on
            customers.consignee_id = own.consignee_id
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
    counted.uncertain_teu,
    counted.uncertain_kg,
    counted.volume,
    counted.hidden_volume,
    counted.judged_volume,
    cast(counted.grade_a as bigint) as alternatives,
    cast(counted.grade_b as bigint) as alternatives_grade_b,
    cast(counted.grade_c as bigint) as alternatives_grade_c,
    cast(counted.grade_a + counted.grade_b + counted.grade_c as bigint) as alternatives_seen,
    {{ substitutability('counted.grade_a', 'rules.alternatives_half') }} as substitutability_low,
    {{ substitutability(
        'counted.grade_a + least(rules.alternative_weight_cap, rules.alternative_b_weight * counted.grade_b'
        ~ ' + rules.alternative_c_weight * counted.grade_c)',
        'rules.alternatives_half'
    ) }} as supplier_substitutability
from counted
cross join {{ ref('week_rule') }} as rules
