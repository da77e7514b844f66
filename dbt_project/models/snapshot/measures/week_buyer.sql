-- One row per named consignee and product (`all`, `unknown`) of the 52 weeks: its volume in its unit, from whomever.

with weeks as (
    select
        bills.consignee_key,
        products.hs4,
        bills.supplier_key,
        bills.week_number,
        sum(bills.teu * products.fraction) as teu,
        sum(bills.weight_kg * products.fraction) as weight_kg
    from {{ ref('week_bill') }} as bills
    inner join {{ ref('asof_product') }} as products on bills.identifier = products.identifier
    cross join {{ ref('asof_week') }} as week
    where bills.consignee_key is not null and bills.week_number > week.week_number - {{ weeks_of_year() }}
    group by bills.consignee_key, products.hs4, bills.supplier_key, bills.week_number
),

shipments as (
    select
        consignee_key,
        coalesce(hs4, 'unknown') as hs4,
        supplier_key,
        teu,
        weight_kg
    from weeks

    union all

    select
        consignee_key,
        'all' as hs4,
        supplier_key,
        sum(teu) as teu,
        sum(weight_kg) as weight_kg
    from weeks
    group by consignee_key, supplier_key, week_number
),

-- squares of weekly volumes from each supplier: how many independent shipments a volume is worth
squared_volumes as (
    select
        consignee_key,
        hs4,
        supplier_key,
        {{ squared('teu') }} as teu_square,
        {{ squared('weight_kg') }} as kg_square
    from shipments
),

shipped as (
    select
        consignee_key,
        hs4,
        cast(coalesce(sum(teu_square), 0) as decimal(38, 12)) as teu_squares,
        cast(coalesce(sum(kg_square), 0) as decimal(38, 12)) as kg_squares,
        cast(coalesce(sum(teu_square) filter (where supplier_key is not null), 0) as decimal(38, 12))
            as named_teu_squares,
        cast(coalesce(sum(kg_square) filter (where supplier_key is not null), 0) as decimal(38, 12)) as named_kg_squares
    from squared_volumes
    group by consignee_key, hs4
),

products as (
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
        {{ unit_squares('is_in_teu', 'shipped.teu_squares', 'shipped.kg_squares') }} as squares,
        {{ unit_squares('is_in_teu', 'shipped.named_teu_squares', 'shipped.named_kg_squares') }} as named_squares
    from measured
    inner join shipped on measured.consignee_key = shipped.consignee_key and measured.hs4 = shipped.hs4
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
