-- One row per product with the unit in which its volumes are compared.

with volumes as (
    select
        hs4,
        sum(teu) as teu,
        sum(weight_kg) as weight_kg,
        sum(sized_weight_kg) as sized_weight_kg
    from {{ ref('week_volume') }}
    where hs4 is not null
    group by hs4
)

select
    hs4,
    cast(row_number() over (order by hs4) as integer) as product_no,
    {{ is_in_teu('teu', 'weight_kg', 'sized_weight_kg') }} as is_in_teu,
    -- for what is known in kilograms only, such as containers whose size no bill of a buyer gives
    cast(teu / nullif(sized_weight_kg, 0) as decimal(18, 9)) as teu_per_kg
from volumes
