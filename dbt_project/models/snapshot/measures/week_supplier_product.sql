-- One row per named supplier, product and week with bills of the last 156 weeks: what its capacity is measured on.

select
    bills.supplier_key,
    products.hs4,
    bills.week_number,
    sum(bills.teu * products.fraction) as teu,
    sum(bills.weight_kg * products.fraction) as weight_kg
from {{ ref('week_bill') }} as bills
inner join {{ ref('asof_product') }} as products on bills.identifier = products.identifier
cross join {{ ref('asof_week') }} as week
where
    bills.supplier_key is not null
    and products.hs4 is not null
    and bills.week_number > week.week_number - {{ capacity_weeks() }}
group by bills.supplier_key, products.hs4, bills.week_number
