-- One row per product (null: unknown) and origin of the 52 weeks: the part of its volume where neither side has a name.

with markets as (
    select
        hs4,
        origin_country_code,
        sum(teu) as teu,
        sum(weight_kg) as weight_kg,
        sum(sized_weight_kg) as sized_weight_kg,
        sum(teu) filter (where supplier_key is null and consignee_key is null) as hidden_teu,
        sum(weight_kg) filter (where supplier_key is null and consignee_key is null) as hidden_kg
    from {{ ref('week_cell') }}
    where bills > 0
    group by hs4, origin_country_code
),

measured as (
    select
        *,
        {{ is_in_teu('teu', 'weight_kg', 'sized_weight_kg') }} as is_in_teu
    from markets
)

select
    hs4,
    origin_country_code,
    cast(
        case
            when is_in_teu then {{ share_of('coalesce(hidden_teu, 0)', 'teu') }}
            else {{ share_of('coalesce(hidden_kg, 0)', 'weight_kg') }}
        end as decimal(9, 8)
    ) as hidden_share
from measured
