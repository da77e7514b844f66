-- One row per named supplier and consignee of the 52 weeks: the share with its bounds, and how the supplier could do
-- without.

with pairs as (
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
        refills.refill_scale
    from {{ ref('week_pair') }} as pairs
    inner join {{ ref('week_supplier') }} as suppliers on pairs.supplier_key = suppliers.supplier_key
    inner join {{ ref('week_growth') }} as growths on pairs.supplier_key = growths.supplier_key
    cross join {{ ref('week_refill') }} as refills
    where pairs.consignee_key is not null
),

others as (
    select
        *,
        named_volume - volume as others_volume,
        named_squares - volume * volume as others_squares
    from pairs
),

spread as (
    select
        *,
        case
            when customers = 1 or others_volume <= 0 then null
            when customers = 2 or others_squares >= others_volume * others_volume then 1.0
            else cast(others_squares as double) / cast(others_volume as double) / cast(others_volume as double)
        end as other_customers_hhi
    from others
)

select
    supplier_key,
    consignee_key,
    bills,
    containers,
    weight_kg,
    is_in_teu,
    volume,
    {{ share_of('volume', 'supplier_volume') }} as share,
    {{ share_of('volume - uncertain_volume', 'supplier_volume') }} as share_low,
    {{ share_of('volume + unnamed_volume + supplier_uncertain_volume - uncertain_volume', 'supplier_volume') }}
        as share_high,
    -- were the unnamed volume split like the named one
    {{ share_of('volume', 'named_volume') }} as named_share,
    effective_shipments,
    named_effective_shipments,
    other_customers_hhi,
    growth_ratio,
    -- without other customers this one cannot be replaced
    case
        when other_customers_hhi is null then 0.0
        else refill_scale * (1 - other_customers_hhi) * growth_ratio
    end as customer_substitutability
from spread
