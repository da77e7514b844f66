-- One row per named supplier, named consignee and product that imported exports hold whole, where they do not hold the
-- supplier whole: its part of what the supplier ships of the product. None from a feed.

with covered as (
    -- distinct: codes of two and of four digits can cover one product
    select distinct needs.supplier_key, needs.hs4
    from {{ ref('week_product') }} as needs
    inner join {{ ref('week_scope') }} as scopes
        on {{ covers_product('scopes', 'needs.hs4') }}
    inner join {{ ref('week_pair_share') }} as pairs
        on needs.supplier_key = pairs.supplier_key and needs.consignee_key = pairs.consignee_key
    where not pairs.is_inside
),

bills as (
    select
        bills.supplier_key,
        bills.consignee_key,
        products.hs4,
        week.week_number - bills.week_number as weeks_ago,
        bills.is_uncertain,
        case when suppliers.is_in_teu then bills.teu else bills.weight_kg end * products.fraction as volume
    from {{ ref('week_bill') }} as bills
    inner join {{ ref('week_supplier') }} as suppliers on bills.supplier_key = suppliers.supplier_key
    inner join {{ ref('asof_product') }} as products on bills.identifier = products.identifier
    inner join covered on bills.supplier_key = covered.supplier_key and products.hs4 = covered.hs4
    cross join {{ ref('asof_week') }} as week
),

-- a pair-week is a shipment: bills of one booking come together
weeks as (
    select
        supplier_key,
        hs4,
        consignee_key,
        weeks_ago,
        1 as shipments,
        count(*) as bills,
        cast(coalesce(sum(volume), 0) as decimal(20, 6)) as volume,
        cast(coalesce(sum(volume) filter (where is_uncertain and consignee_key is not null), 0) as decimal(20, 6))
            as uncertain_volume
    from bills
    group by supplier_key, hs4, consignee_key, weeks_ago
),

halves as (
    select
        supplier_key,
        hs4,
        {{ growth_halves() }}
    from weeks
    group by supplier_key, hs4
),

damped as (
    select
        supplier_key,
        hs4,
        {{ growth_damped() }}
    from halves
),

parts as (
    select
        supplier_key,
        hs4,
        consignee_key,
        sum(bills) as bills,
        cast(sum(volume) as decimal(20, 6)) as volume,
        cast(sum(uncertain_volume) as decimal(20, 6)) as uncertain_volume,
        sum(volume * volume) as squares
    from weeks
    where weeks_ago < {{ weeks_of_year() }}
    group by supplier_key, hs4, consignee_key
),

wholes as (
    select
        supplier_key,
        hs4,
        count(consignee_key) as customers,
        cast(sum(bills) as bigint) as supplier_bills,
        cast(sum(volume) as decimal(20, 6)) as supplier_volume,
        cast(coalesce(sum(volume) filter (where consignee_key is null), 0) as decimal(20, 6)) as unnamed_volume,
        cast(coalesce(sum(volume) filter (where consignee_key is not null), 0) as decimal(20, 6)) as named_volume,
        sum(volume * volume) filter (where consignee_key is not null) as named_squares,
        cast(sum(uncertain_volume) as decimal(20, 6)) as supplier_uncertain_volume,
        sum(squares) as shipment_squares,
        sum(squares) filter (where consignee_key is not null) as named_shipment_squares,
        -- the first of equal ones
        max_by(consignee_key, (volume, -consignee_key)) filter (where consignee_key is not null) as top_consignee_key
    from parts
    group by supplier_key, hs4
),

spread as (
    select
        parts.consignee_key,
        parts.volume,
        parts.uncertain_volume,
        wholes.*,
        refills.refill_scale,
        {{ growth_ratio() }} as growth_ratio,
        {{ other_customers_hhi() }} as other_customers_hhi
    from parts
    inner join wholes on parts.supplier_key = wholes.supplier_key and parts.hs4 = wholes.hs4
    inner join damped on parts.supplier_key = damped.supplier_key and parts.hs4 = damped.hs4
    cross join {{ ref('week_refill') }} as refills
    where parts.consignee_key is not null
)

select
    supplier_key,
    consignee_key,
    hs4,
    supplier_bills,
    supplier_volume,
    unnamed_volume,
    {{ share_of('unnamed_volume', 'supplier_volume') }} as unnamed_share,
    top_consignee_key,
    {{ share_of('volume', 'supplier_volume') }} as share,
    {{ share_of('volume - uncertain_volume', 'supplier_volume') }} as share_low,
    {{ share_of('volume + unnamed_volume + supplier_uncertain_volume - uncertain_volume', 'supplier_volume') }}
        as share_high,
    {{ share_of('volume', 'named_volume') }} as named_share,
    {{ effective_shipments('supplier_volume', 'shipment_squares') }} as effective_shipments,
    {{ effective_shipments('named_volume', 'named_shipment_squares') }} as named_effective_shipments,
    other_customers_hhi,
    growth_ratio,
    {{ customer_substitutability() }} as customer_substitutability
from spread
