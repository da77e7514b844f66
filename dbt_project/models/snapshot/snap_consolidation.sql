-- One row per consignee, product and two of its largest suppliers there: what moving the volume of one to the other
-- makes of the customer's tier.

with products as (
    select
        products.supplier_key,
        products.consignee_key,
        products.hs4,
        products.teu,
        products.weight_kg,
        row_number() over (
            partition by products.consignee_key, products.hs4
            order by products.weight_kg desc, products.teu desc, products.supplier_key asc
        ) as rank
    from {{ ref('week_product') }} as products
    where products.hs4 <> 'unknown'
),

largest as (
    select products.*
    from products
    cross join {{ ref('week_rule') }} as rules
    where products.rank <= rules.consolidation_suppliers
),

moves as (
    select
        origin.supplier_key as from_supplier_key,
        ladder.supplier_id as to_supplier_id,
        ladder.consignee_id,
        origin.hs4,
        pairs.is_in_teu,
        pairs.volume,
        ladder.tier,
        suppliers.volume as supplier_volume,
        {{ unit_volume('pairs.is_in_teu', 'origin.teu', 'origin.weight_kg') }} as moved_volume
    from largest as origin
    inner join largest as target
        on
            origin.consignee_key = target.consignee_key
            and origin.hs4 = target.hs4
            and origin.supplier_key <> target.supplier_key
    inner join {{ ref('week_ladder') }} as ladder
        on target.supplier_key = ladder.supplier_key and target.consignee_key = ladder.consignee_key
    inner join {{ ref('week_pair_share') }} as pairs
        on target.supplier_key = pairs.supplier_key and target.consignee_key = pairs.consignee_key
    inner join {{ ref('week_supplier') }} as suppliers on target.supplier_key = suppliers.supplier_key
    where ladder.tier is not null
),

shares as (
    select
        *,
        {{ share_of('volume + moved_volume', 'supplier_volume + moved_volume') }} as share_after
    from moves
)

select
    week.as_of_week,
    shares.consignee_id,
    shares.hs4,
    sellers.supplier_id as from_supplier_id,
    shares.to_supplier_id,
    shares.moved_volume,
    case when shares.is_in_teu then 'teu' else 'kg' end as volume_unit,
    shares.share_after,
    shares.tier as tier_now,
    -- more volume lowers no tier, also where hysteresis leaves one above its raw cut
    least(
        shares.tier,
        {{ raw_tier('shares.share_after') }}
    ) as tier_after
from shares
inner join {{ ref('week_supplier_entity') }} as sellers on shares.from_supplier_key = sellers.supplier_key
cross join {{ ref('week_rule') }} as rules
cross join {{ ref('asof_week') }} as week
