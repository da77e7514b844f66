-- One row per named supplier and consignee of the 52 weeks: the share with its bounds, and how the supplier could do
-- without.

with weeks as (
    select
        bills.supplier_key,
        week.week_number - bills.week_number as weeks_ago,
        count(distinct coalesce(bills.consignee_key, 0)) as shipments,
        sum(case when suppliers.is_in_teu then bills.teu else bills.weight_kg end) as volume
    from {{ ref('week_bill') }} as bills
    inner join {{ ref('week_supplier') }} as suppliers on bills.supplier_key = suppliers.supplier_key
    cross join {{ ref('asof_week') }} as week
    group by bills.supplier_key, weeks_ago
),

halves as (
    select
        supplier_key,
        {{ growth_halves() }}
    from weeks
    group by supplier_key
),

damped as (
    select
        supplier_key,
        {{ growth_damped() }}
    from halves
),

growths as (
    select
        supplier_key,
        {{ growth_ratio() }} as growth_ratio
    from damped
),

pairs as (
    select
        pairs.supplier_key,
        pairs.consignee_key,
        pairs.bills,
        pairs.containers,
        pairs.weight_kg,
        suppliers.is_in_teu,
        {{ unit_volume('suppliers.is_in_teu', 'pairs.teu', 'pairs.weight_kg') }} as volume,
        suppliers.volume as supplier_volume,
        suppliers.unnamed_volume,
        suppliers.customers,
        suppliers.named_volume,
        suppliers.named_squares,
        {{ unit_volume('suppliers.is_in_teu', 'pairs.uncertain_teu', 'pairs.uncertain_kg') }} as uncertain_volume,
        suppliers.uncertain_volume as supplier_uncertain_volume,
        suppliers.effective_shipments,
        suppliers.named_effective_shipments,
        growths.growth_ratio,
        refills.refill_scale,
        -- whether all bills of the supplier are loaded
        whole.side is not null or covered.firm_key is not null as is_inside
    from {{ ref('week_pair') }} as pairs
    inner join {{ ref('week_supplier') }} as suppliers on pairs.supplier_key = suppliers.supplier_key
    inner join growths on pairs.supplier_key = growths.supplier_key
    cross join {{ ref('week_refill') }} as refills
    left join {{ ref('week_scope') }} as whole on whole.side = 'all'
    left join {{ ref('week_scope') }} as covered
        on covered.side = 'supplier' and pairs.supplier_key = covered.firm_key
    where pairs.consignee_key is not null
),

spread as (
    select
        *,
        {{ other_customers_hhi() }} as other_customers_hhi
    from pairs
)

select
    supplier_key,
    consignee_key,
    bills,
    containers,
    weight_kg,
    is_in_teu,
    volume,
    case when is_inside then {{ share_of('volume', 'supplier_volume') }} end as share,
    case when is_inside then {{ share_of('volume - uncertain_volume', 'supplier_volume') }} end as share_low,
    case
        when is_inside
            then {{ share_of(
                'volume + unnamed_volume + supplier_uncertain_volume - uncertain_volume', 'supplier_volume'
            ) }}
    end as share_high,
    is_inside,
    -- were the unnamed volume split like the named one
    case when is_inside then {{ share_of('volume', 'named_volume') }} end as named_share,
    effective_shipments,
    named_effective_shipments,
    other_customers_hhi,
    growth_ratio,
    {{ customer_substitutability() }} as customer_substitutability
from spread
