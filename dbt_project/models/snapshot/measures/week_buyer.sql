-- One row per named consignee and product (`all`, `unknown`) of the 52 weeks: its volume in its unit, from whomever.

with products as (
    select
        consignee_key,
        case when grouping(hs4) = 1 then 'all' else coalesce(hs4, 'unknown') end as hs4,
        sum(bills) as bills,
        coalesce(sum(teu), 0) as teu,
        coalesce(sum(weight_kg), 0) as weight_kg,
        sum(sized_weight_kg) as sized_weight_kg,
        sum(teu) filter (where supplier_key is null) as unnamed_teu,
        sum(weight_kg) filter (where supplier_key is null) as unnamed_kg,
        sum(uncertain_teu) filter (where supplier_key is not null) as uncertain_teu,
        sum(uncertain_kg) filter (where supplier_key is not null) as uncertain_kg,
        sum(forwarded_teu) as forwarded_teu,
        sum(forwarded_kg) as forwarded_kg,
        -- of 24 months, as its suppliers' reps see it
        count(distinct supplier_key) as suppliers
    from {{ ref('week_cell') }}
    where consignee_key is not null
    group by grouping sets ((consignee_key, hs4), (consignee_key))
),

measured as (
    select
        *,
        {{ is_in_teu('teu', 'weight_kg', 'sized_weight_kg') }} as is_in_teu
    from products
    where bills > 0
),

volumes as (
    select
        measured.*,
        {{ unit_volume('is_in_teu', 'teu', 'weight_kg') }} as volume,
        {{ unit_volume('is_in_teu', 'unnamed_teu', 'unnamed_kg') }} as unnamed_volume,
        {{ unit_squares('is_in_teu', 'shipments.teu_squares', 'shipments.kg_squares') }} as squares,
        {{ unit_squares('is_in_teu', 'shipments.named_teu_squares', 'shipments.named_kg_squares') }} as named_squares
    from measured
    inner join {{ ref('week_buyer_shipment') }} as shipments
        on measured.consignee_key = shipments.consignee_key and measured.hs4 = shipments.hs4
)

select
    consignee_key,
    hs4,
    is_in_teu,
    teu,
    weight_kg,
    volume,
    unnamed_volume,
    {{ unit_volume('is_in_teu', 'uncertain_teu', 'uncertain_kg') }} as uncertain_volume,
    {{ unit_volume('is_in_teu', 'forwarded_teu', 'forwarded_kg') }} as forwarded_volume,
    {{ effective_shipments('volume', 'squares') }} as effective_shipments,
    {{ effective_shipments('volume - unnamed_volume', 'named_squares') }} as named_effective_shipments,
    suppliers
from volumes
