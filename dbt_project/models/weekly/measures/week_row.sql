-- One row per leverage row: named supplier, named consignee and product, `unknown` product or `all` of them.

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
        arg_max(alternatives, case when hs4 <> 'unknown' then (volume, hs4) end) as alternatives,
        -- exact, so that no order of adding shows
        sum(cast(volume as decimal(20, 6)) * cast(supplier_substitutability as decimal(13, 12))) as weighted_substitutability
    from {{ ref('week_product') }}
    group by supplier_key, consignee_key
)

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
