{{ config(materialized='view') }}

-- One row per leverage row (named supplier, named consignee, product, `unknown` or `all`): both shares, the two axes,
-- and the reason where there are none.

with wholes as (
    select
        supplier_key,
        consignee_key,
        sum(teu) as teu,
        sum(weight_kg) as weight_kg,
        sum(volume) as volume,
        sum(hidden_volume) as hidden_volume,
        sum(judged_volume) as judged_volume,
        -- of all products the alternatives in the one that counts most
        max_by(alternatives, case when hs4 <> 'unknown' then (volume, hs4) end) as alternatives,
        -- exact, so that the sum does not depend on the order of rows
        sum(cast(volume as decimal(20, 6)) * cast(supplier_substitutability as decimal(13, 12)))
            as weighted_substitutability
    from {{ ref('week_product') }}
    group by supplier_key, consignee_key
),

facts as (
    select
        supplier_key,
        consignee_key,
        hs4,
        bills,
        teu,
        weight_kg,
        volume,
        {{ share_of('hidden_volume', 'judged_volume') }} as both_hidden_share,
        alternatives,
        supplier_substitutability,
        alternatives = 0 as no_alternatives
    from {{ ref('week_product') }}

    union all

    select
        wholes.supplier_key,
        wholes.consignee_key,
        'all' as hs4,
        pairs.bills,
        wholes.teu,
        wholes.weight_kg,
        wholes.volume,
        {{ share_of('wholes.hidden_volume', 'wholes.judged_volume') }} as both_hidden_share,
        coalesce(wholes.alternatives, 0) as alternatives,
        coalesce({{ share_of('wholes.weighted_substitutability', 'wholes.volume') }}, 0) as supplier_substitutability,
        coalesce(wholes.weighted_substitutability, 0) = 0 as no_alternatives
    from wholes
    inner join {{ ref('week_pair_share') }} as pairs
        on wholes.supplier_key = pairs.supplier_key and wholes.consignee_key = pairs.consignee_key
),

-- materialized: the engine otherwise joins pairs and buyers by the consignee alone, which makes many rows of few
bought {{ as_materialized() }} (
    select
        facts.*,
        {{ unit_volume('buyers.is_in_teu', 'facts.teu', 'facts.weight_kg') }} as buyer_side_volume,
        buyers.volume as buyer_volume,
        buyers.unnamed_volume as buyer_unnamed_volume,
        {{ share_of('buyers.forwarded_volume', 'buyers.volume') }} as buyer_forwarded_share,
        {{ share_of('buyers.unnamed_volume', 'buyers.volume') }} as buyer_unnamed_share,
        buyers.is_in_teu as buyer_is_in_teu,
        buyers.teu as buyer_teu,
        buyers.weight_kg as buyer_kg,
        buyers.suppliers as buyer_suppliers
    from facts
    inner join {{ ref('week_buyer') }} as buyers
        on facts.consignee_key = buyers.consignee_key and facts.hs4 = buyers.hs4
),

measured as (
    select
        bought.*,
        pairs.is_in_teu,
        pairs.share as share_of_supplier,
        pairs.share_high as share_of_supplier_high,
        {{ share_of('bought.buyer_side_volume', 'bought.buyer_volume') }} as share_of_buyer,
        {{ share_of('bought.buyer_side_volume + bought.buyer_unnamed_volume', 'bought.buyer_volume') }}
            as share_of_buyer_high,
        pairs.other_customers_hhi,
        pairs.growth_ratio,
        pairs.customer_substitutability,
        -- all that the buyer takes, in the supplier's unit
        {{ unit_volume('pairs.is_in_teu', 'bought.buyer_teu', 'bought.buyer_kg') }} as purchases,
        suppliers.bills as supplier_bills,
        suppliers.volume as supplier_volume,
        suppliers.unnamed_volume as supplier_unnamed_volume,
        {{ share_of('suppliers.forwarded_volume', 'suppliers.volume') }} as supplier_forwarded_share,
        {{ share_of('suppliers.unnamed_volume', 'suppliers.volume') }} as supplier_unnamed_share,
        sellers.supplier_id,
        sellers.confidence as supplier_confidence,
        customers.consignee_id,
        customers.confidence as consignee_confidence
    from bought
    inner join {{ ref('week_pair_share') }} as pairs
        on bought.supplier_key = pairs.supplier_key and bought.consignee_key = pairs.consignee_key
    inner join {{ ref('week_supplier') }} as suppliers on bought.supplier_key = suppliers.supplier_key
    inner join {{ ref('week_supplier_entity') }} as sellers on bought.supplier_key = sellers.supplier_key
    inner join {{ ref('week_consignee_entity') }} as customers on bought.consignee_key = customers.consignee_key
),

axes as (
    select
        measured.*,
        case
            when measured.supplier_bills < rules.power_bills then 'few_bills'
            when
                measured.supplier_unnamed_share > rules.unnamed_share
                or measured.buyer_unnamed_share > rules.unnamed_share
                then 'mostly_unnamed'
            when
                measured.supplier_confidence < rules.entity_confidence
                or measured.consignee_confidence < rules.entity_confidence
                then 'uncertain_entity'
            when measured.hs4 = 'unknown' then 'unknown_product'
            when measured.share_of_supplier is null or measured.share_of_buyer is null then 'no_volume'
        end as reason_code,
        {{ power_axes() }}
    from measured
    cross join {{ ref('week_rule') }} as rules
)

select
    supplier_key,
    consignee_key,
    supplier_id,
    consignee_id,
    hs4,

    -- volumes
    is_in_teu,
    bills,
    volume,
    supplier_bills,
    supplier_volume,
    supplier_unnamed_volume,
    buyer_is_in_teu,
    buyer_volume,
    purchases,

    -- shares
    share_of_supplier,
    share_of_supplier_high,
    share_of_buyer,
    share_of_buyer_high,
    supplier_unnamed_share,
    supplier_forwarded_share,
    buyer_unnamed_share,
    buyer_forwarded_share,
    both_hidden_share,

    -- substitutes
    buyer_suppliers,
    alternatives,
    no_alternatives,
    supplier_substitutability,
    other_customers_hhi,
    growth_ratio,
    customer_substitutability,

    -- axes
    reason_code,
    {%- for axis in ('depends_supplier', 'depends_buyer', 'power', 'mutual') %}
    case when reason_code is null then {{ axis }} end as {{ axis }},
    {%- endfor %}
    contribution_supplier_share,
    contribution_customer_substitutability,
    contribution_buyer_share,
    contribution_supplier_substitutability
from axes
