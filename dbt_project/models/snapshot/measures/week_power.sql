-- One row per leverage row (named supplier, named consignee, product, `unknown` or `all`): both shares, the two axes,
-- and the reason where there are none.

with wholes as (
    select
        supplier_key,
        consignee_key,
        sum(teu) as teu,
        sum(weight_kg) as weight_kg,
        sum(uncertain_teu) as uncertain_teu,
        sum(uncertain_kg) as uncertain_kg,
        sum(volume) as volume,
        sum(hidden_volume) as hidden_volume,
        sum(judged_volume) as judged_volume,
        -- of all products the alternatives in the one that counts most
        {%- for count in ('alternatives', 'alternatives_grade_b', 'alternatives_grade_c', 'alternatives_seen') %}
        max_by({{ count }}, case when hs4 <> 'unknown' then (volume, hs4) end) as {{ count }},
        {%- endfor %}
        max(alternatives_seen) as most_seen,
        max(case when hs4 <> 'unknown' then 1 else 0 end) = 1 as is_known,
        -- exact, so that the sum does not depend on the order of rows
        sum(cast(volume as decimal(20, 6)) * cast(supplier_substitutability as decimal(13, 12)))
            as weighted_substitutability,
        sum(cast(volume as decimal(20, 6)) * cast(substitutability_low as decimal(13, 12)))
            as weighted_substitutability_low
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
        uncertain_teu,
        uncertain_kg,
        volume,
        {{ share_of('hidden_volume', 'judged_volume') }} as both_hidden_share,
        alternatives,
        alternatives_grade_b,
        alternatives_grade_c,
        alternatives_seen,
        substitutability_low,
        supplier_substitutability,
        hs4 <> 'unknown' and alternatives_seen = 0 as no_alternatives
    from {{ ref('week_product') }}

    union all

    select
        wholes.supplier_key,
        wholes.consignee_key,
        'all' as hs4,
        pairs.bills,
        wholes.teu,
        wholes.weight_kg,
        wholes.uncertain_teu,
        wholes.uncertain_kg,
        wholes.volume,
        {{ share_of('wholes.hidden_volume', 'wholes.judged_volume') }} as both_hidden_share,
        coalesce(wholes.alternatives, 0) as alternatives,
        coalesce(wholes.alternatives_grade_b, 0) as alternatives_grade_b,
        coalesce(wholes.alternatives_grade_c, 0) as alternatives_grade_c,
        coalesce(wholes.alternatives_seen, 0) as alternatives_seen,
        coalesce({{ share_of('wholes.weighted_substitutability_low', 'wholes.volume') }}, 0) as substitutability_low,
        coalesce({{ share_of('wholes.weighted_substitutability', 'wholes.volume') }}, 0) as supplier_substitutability,
        wholes.is_known and wholes.most_seen = 0 as no_alternatives
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
        buyers.uncertain_volume as buyer_uncertain_volume,
        {{ unit_volume('buyers.is_in_teu', 'facts.uncertain_teu', 'facts.uncertain_kg') }}
            as buyer_side_uncertain_volume,
        buyers.effective_shipments as buyer_shipments,
        buyers.named_effective_shipments as buyer_named_shipments,
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

-- whether all bills of the buyer, and all suppliers of the product, are loaded
scoped as (
    select
        bought.*,
        whole.side is not null or buyers.firm_key is not null or products.hs4 is not null as buyer_is_inside,
        whole.side is not null or products.hs4 is not null as product_is_inside
    from bought
    left join {{ ref('week_scope') }} as whole on whole.side = 'all'
    left join {{ ref('week_scope') }} as buyers on buyers.side = 'buyer' and bought.consignee_key = buyers.firm_key
    left join (
        select distinct needs.hs4
        from {{ ref('week_product') }} as needs
        inner join {{ ref('week_scope') }} as products
            on {{ covers_product('products', 'needs.hs4') }}
    ) as products on bought.hs4 = products.hs4
),

measured as (
    select
        bought.*,
        pairs.is_inside or parts.supplier_key is not null as supplier_is_inside,
        case when pairs.is_inside then 'supplier' when parts.supplier_key is not null then 'product' end as share_basis,
        pairs.is_in_teu,
        {%- for name, column in {
            'share_of_supplier': 'share',
            'share_of_supplier_low': 'share_low',
            'share_of_supplier_high': 'share_high',
            'named_share_of_supplier': 'named_share',
            'supplier_named_shipments': 'named_effective_shipments',
            'other_customers_hhi': 'other_customers_hhi',
            'growth_ratio': 'growth_ratio',
            'customer_substitutability': 'customer_substitutability',
        }.items() %}
        case when parts.supplier_key is not null then parts.{{ column }} else pairs.{{ column }} end as {{ name }},
        {%- endfor %}
        parts.effective_shipments as product_shipments,
        {{ share_of(unit_volume('pairs.is_in_teu', 'bought.uncertain_teu', 'bought.uncertain_kg'), 'bought.volume') }}
            as uncertain_volume_share,
        case when bought.buyer_is_inside then {{ share_of('bought.buyer_side_volume', 'bought.buyer_volume') }} end
            as share_of_buyer,
        case
            when bought.buyer_is_inside
                then {{ share_of(
                    'bought.buyer_side_volume - bought.buyer_side_uncertain_volume', 'bought.buyer_volume'
                ) }}
        end as share_of_buyer_low,
        case
            when bought.buyer_is_inside
                then {{ share_of(
                    'bought.buyer_side_volume + bought.buyer_unnamed_volume + bought.buyer_uncertain_volume'
                    ~ ' - bought.buyer_side_uncertain_volume',
                    'bought.buyer_volume'
                ) }}
        end as share_of_buyer_high,
        {{ share_of('bought.buyer_side_volume', 'bought.buyer_volume - bought.buyer_unnamed_volume') }}
            as named_share_of_buyer,
        -- all that the buyer takes, in the supplier's unit
        case
            when bought.buyer_is_inside then {{ unit_volume('pairs.is_in_teu', 'bought.buyer_teu', 'bought.buyer_kg') }}
        end as purchases,
        coalesce(parts.supplier_bills, suppliers.bills) as supplier_bills,
        coalesce(parts.supplier_volume, suppliers.volume) as supplier_volume,
        coalesce(parts.unnamed_volume, suppliers.unnamed_volume) as supplier_unnamed_volume,
        coalesce(parts.top_consignee_key, suppliers.top_consignee_key) as top_consignee_key,
        {{ share_of('suppliers.forwarded_volume', 'suppliers.volume') }} as supplier_forwarded_share,
        coalesce(parts.unnamed_share, {{ share_of('suppliers.unnamed_volume', 'suppliers.volume') }})
            as supplier_unnamed_share,
        sellers.supplier_id,
        customers.consignee_id
    from scoped as bought
    inner join {{ ref('week_pair_share') }} as pairs
        on bought.supplier_key = pairs.supplier_key and bought.consignee_key = pairs.consignee_key
    left join {{ ref('week_product_share') }} as parts
        on
            bought.supplier_key = parts.supplier_key
            and bought.consignee_key = parts.consignee_key
            and bought.hs4 = parts.hs4
    inner join {{ ref('week_supplier') }} as suppliers on bought.supplier_key = suppliers.supplier_key
    inner join {{ ref('week_supplier_entity') }} as sellers on bought.supplier_key = sellers.supplier_key
    inner join {{ ref('week_consignee_entity') }} as customers on bought.consignee_key = customers.consignee_key
),

axes as (
    select
        measured.*,
        case
            when not (measured.supplier_is_inside and measured.buyer_is_inside and measured.product_is_inside)
                then 'outside_scope'
            -- a share of 0 is of bills that have no volume in the unit of the whole
            when coalesce(measured.share_of_supplier, 0) = 0 or coalesce(measured.share_of_buyer, 0) = 0
                then 'no_volume'
            when measured.hs4 = 'unknown' then 'unknown_product'
            when measured.supplier_bills < rules.least_bills then 'too_thin'
            when
                measured.supplier_unnamed_share > rules.unnamed_share
                or measured.buyer_unnamed_share > rules.unnamed_share
                then 'mostly_unnamed'
            when measured.uncertain_volume_share > rules.uncertain_share then 'uncertain_entity'
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
    top_consignee_key,
    buyer_is_in_teu,
    buyer_volume,
    purchases,

    -- shares
    share_basis,
    share_of_supplier,
    share_of_supplier_low,
    share_of_supplier_high,
    share_of_buyer,
    share_of_buyer_low,
    share_of_buyer_high,
    uncertain_volume_share,
    supplier_unnamed_share,
    supplier_forwarded_share,
    buyer_unnamed_share,
    buyer_forwarded_share,
    both_hidden_share,

    -- substitutes: null where others that supply the product, or customers of the supplier, need not be loaded
    buyer_suppliers = 1 and buyer_is_inside as has_one_supplier,
    {%- for figure in (
        'alternatives', 'alternatives_grade_b', 'alternatives_grade_c', 'alternatives_seen', 'supplier_substitutability'
    ) %}
    case when product_is_inside then {{ figure }} end as {{ figure }},
    {%- endfor %}
    no_alternatives and product_is_inside as no_alternatives,
    {%- for figure in ('other_customers_hhi', 'growth_ratio', 'customer_substitutability') %}
    case when supplier_is_inside then {{ figure }} end as {{ figure }},
    {%- endfor %}

    -- axes
    reason_code,
    {%- for axis in ('depends_supplier', 'depends_buyer', 'power', 'mutual') %}
    case when reason_code is null then {{ axis }} end as {{ axis }},
    {%- endfor %}
    contribution_supplier_share,
    contribution_customer_substitutability,
    contribution_buyer_share,
    contribution_supplier_substitutability,

    -- what the ranges of the axes are made of: without any named volume nothing is known of a share
    coalesce(named_share_of_supplier, 0) as named_share_of_supplier,
    product_shipments,
    coalesce(supplier_named_shipments, 0) as supplier_named_shipments,
    coalesce(named_share_of_buyer, 0) as named_share_of_buyer,
    buyer_shipments,
    coalesce(buyer_named_shipments, 0) as buyer_named_shipments,
    substitutability_low
from axes
