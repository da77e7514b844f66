-- One row per named supplier with bills in the 52 weeks: its volume in its unit, and how its customers share it.

with years as (
    select
        supplier_key,
        sum(bills) as bills,
        sum(teu) as teu,
        sum(weight_kg) as weight_kg,
        sum(sized_weight_kg) as sized_weight_kg
    from {{ ref('week_pair') }}
    group by supplier_key
),

units as (
    select
        *,
        {{ is_in_teu('teu', 'weight_kg', 'sized_weight_kg') }} as is_in_teu
    from years
),

pairs as (
    select
        pairs.supplier_key,
        pairs.consignee_key,
        pairs.bills,
        units.is_in_teu,
        {{ unit_volume('units.is_in_teu', 'pairs.teu', 'pairs.weight_kg') }} as volume,
        {{ unit_squares('units.is_in_teu', 'pairs.teu_squares', 'pairs.kg_squares') }} as squares,
        {{ unit_volume('units.is_in_teu', 'pairs.uncertain_teu', 'pairs.uncertain_kg') }} as uncertain_volume,
        {{ unit_volume('units.is_in_teu', 'pairs.forwarded_teu', 'pairs.forwarded_kg') }} as forwarded_volume
    from {{ ref('week_pair') }} as pairs
    inner join units on pairs.supplier_key = units.supplier_key
),

tops as (
    select
        supplier_key,
        consignee_key as top_consignee_key,
        volume as top_volume,
        row_number() over (partition by supplier_key order by volume desc, consignee_key asc) as rank
    from pairs
    where consignee_key is not null
),

sums as (
    select
        supplier_key,
        bool_or(is_in_teu) as is_in_teu,
        cast(sum(bills) as bigint) as bills,
        cast(sum(volume) as decimal(20, 6)) as volume,
        cast(coalesce(sum(volume) filter (where consignee_key is null), 0) as decimal(20, 6)) as unnamed_volume,
        cast(sum(forwarded_volume) as decimal(20, 6)) as forwarded_volume,
        cast(coalesce(sum(uncertain_volume) filter (where consignee_key is not null), 0) as decimal(20, 6))
            as uncertain_volume,
        sum(squares) as shipment_squares,
        sum(squares) filter (where consignee_key is not null) as named_shipment_squares,
        count(consignee_key) as customers,
        -- wide enough that squares do not overflow
        cast(coalesce(sum(volume) filter (where consignee_key is not null), 0) as decimal(20, 6)) as named_volume,
        sum(case when consignee_key is not null then volume * volume end) as named_squares,
        median(cast(volume as double)) filter (where consignee_key is not null) as median_volume
    from pairs
    group by supplier_key
)

select
    sums.supplier_key,
    sums.is_in_teu,
    sums.bills,
    sums.volume,
    sums.unnamed_volume,
    sums.forwarded_volume,
    sums.customers,
    sums.named_volume,
    sums.named_squares,
    sums.median_volume,
    tops.top_consignee_key,
    tops.top_volume,
    sums.uncertain_volume,
    {{ effective_shipments('sums.volume', 'sums.shipment_squares') }} as effective_shipments,
    {{ effective_shipments('sums.named_volume', 'sums.named_shipment_squares') }} as named_effective_shipments
from sums
left join tops on sums.supplier_key = tops.supplier_key and tops.rank = 1
