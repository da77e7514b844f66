{{ config(materialized='view') }}

-- One row per leverage row: both shares, the two dependences, what they add up to, and why they are not told.

-- said beforehand: the engine joins pairs and buyers by the consignee alone else, which makes many rows of few
with bought as materialized (
    select
        facts.*,
        {{ unit_volume('buyers.is_in_teu', 'facts.teu', 'facts.weight_kg') }} as buyer_side_volume,
        buyers.volume as buyer_volume,
        buyers.unnamed_volume as buyer_unnamed_volume,
        {{ share_of('buyers.forwarded_volume', 'buyers.volume') }} as buyer_forwarded_share,
        buyers.is_in_teu as buyer_is_in_teu,
        buyers.teu as buyer_teu,
        buyers.weight_kg as buyer_kg,
        buyers.suppliers as buyer_suppliers
    from {{ ref('week_row') }} as facts
    inner join {{ ref('week_buyer') }} as buyers
        on facts.consignee_key = buyers.consignee_key and facts.hs4 = buyers.hs4
),

sided as (
    select
        bought.*,
        pairs.is_in_teu,
        pairs.share,
        pairs.share_high,
        pairs.other_customers_hhi,
        pairs.growth_ratio,
        pairs.customer_substitutability,
        -- all that the buyer takes, in the supplier's unit
        {{ unit_volume('pairs.is_in_teu', 'bought.buyer_teu', 'bought.buyer_kg') }} as purchases,
        suppliers.bills as supplier_bills,
        suppliers.volume as supplier_volume,
        suppliers.unnamed_volume as supplier_unnamed_volume,
        {{ share_of('suppliers.forwarded_volume', 'suppliers.volume') }} as supplier_forwarded_share,
        sellers.supplier_id,
        sellers.confidence as supplier_confidence,
        customers.consignee_id,
        customers.confidence as consignee_confidence
    from bought
    inner join {{ ref('week_pair_share') }} as pairs
        on bought.supplier_key = pairs.supplier_key and bought.consignee_key = pairs.consignee_key
    inner join {{ ref('week_supplier') }} as suppliers on bought.supplier_key = suppliers.supplier_key
    inner join {{ ref('week_seller') }} as sellers on bought.supplier_key = sellers.supplier_key
    inner join {{ ref('week_customer') }} as customers on bought.consignee_key = customers.consignee_key
),

shares as (
    select
        *,
        {{ share_of('buyer_side_volume', 'buyer_volume') }} as buyer_share,
        {{ share_of('buyer_side_volume + buyer_unnamed_volume', 'buyer_volume') }} as buyer_share_high,
        {{ share_of('supplier_unnamed_volume', 'supplier_volume') }} as supplier_unnamed_share,
        {{ share_of('buyer_unnamed_volume', 'buyer_volume') }} as buyer_unnamed_share
    from sided
),

reasons as (
    select
        shares.*,
        rules.ruleset_version,
        case
            when shares.supplier_bills < rules.power_bills then 'few_bills'
            when
                shares.supplier_unnamed_share > rules.unnamed_share
                or shares.buyer_unnamed_share > rules.unnamed_share
                then 'mostly_unnamed'
            when
                shares.supplier_confidence < rules.entity_confidence
                or shares.consignee_confidence < rules.entity_confidence
                then 'uncertain_entity'
            when shares.hs4 = 'unknown' then 'unknown_product'
            when shares.share is null or shares.buyer_share is null then 'no_volume'
        end as reason_code
    from shares
    cross join {{ ref('week_rule') }} as rules
)

select
    * exclude (supplier_confidence, consignee_confidence, buyer_side_volume),
    case when reason_code is null then share * (1 - customer_substitutability) end as depends_supplier,
    case when reason_code is null then buyer_share * (1 - supplier_substitutability) end as depends_buyer,
    case when reason_code is null then share * (1 - customer_substitutability) - buyer_share * (1 - supplier_substitutability) end as power,
    case when reason_code is null then share * (1 - customer_substitutability) + buyer_share * (1 - supplier_substitutability) end as mutual,
    share - share * customer_substitutability / 2 as contribution_supplier_share,
    -share * customer_substitutability / 2 as contribution_customer_substitutability,
    -(buyer_share - buyer_share * supplier_substitutability / 2) as contribution_buyer_share,
    buyer_share * supplier_substitutability / 2 as contribution_supplier_substitutability
from reasons
