-- One row per named consignee and product (`all`, `unknown`) of the 52 weeks: the squares of its weekly volumes from
-- each supplier, which measure how many independent shipments its volume is worth.

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

squares as (
    select
        consignee_key,
        hs4,
        supplier_key,
        {{ squared('teu') }} as teu_square,
        {{ squared('weight_kg') }} as kg_square
    from shipments
)

select
    consignee_key,
    hs4,
    cast(coalesce(sum(teu_square), 0) as decimal(38, 12)) as teu_squares,
    cast(coalesce(sum(kg_square), 0) as decimal(38, 12)) as kg_squares,
    cast(coalesce(sum(teu_square) filter (where supplier_key is not null), 0) as decimal(38, 12)) as named_teu_squares,
    cast(coalesce(sum(kg_square) filter (where supplier_key is not null), 0) as decimal(38, 12)) as named_kg_squares
from squares
group by consignee_key, hs4
