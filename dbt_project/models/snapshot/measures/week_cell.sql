-- One row per supplier, consignee (null: unnamed), product (null: unknown) and origin of the last 24 months: volumes of
-- the 52 weeks, split by the bills' products.

with bills as (
    select
        bills.identifier,
        bills.supplier_key,
        bills.consignee_key,
        bills.supplier_is_forwarder as is_forwarded,
        bills.is_uncertain,
        bills.origin_country_code,
        bills.week_number > week.week_number - {{ weeks_of_year() }} as is_of_year,
        bills.containers,
        bills.teu,
        bills.weight_kg,
        bills.sized_weight_kg
    from {{ ref('week_bill') }} as bills
    cross join {{ ref('asof_week') }} as week
    where bills.week_number > week.week_number - {{ second_source_weeks() }}
)

select
    bills.supplier_key,
    bills.consignee_key,
    products.hs4,
    bills.origin_country_code,
    count(*) filter (where bills.is_of_year) as bills,
    sum(bills.containers * products.fraction) filter (where bills.is_of_year) as containers,
    sum(bills.teu * products.fraction) filter (where bills.is_of_year) as teu,
    sum(bills.weight_kg * products.fraction) filter (where bills.is_of_year) as weight_kg,
    sum(bills.sized_weight_kg * products.fraction) filter (where bills.is_of_year) as sized_weight_kg,
    sum(bills.teu * products.fraction) filter (where bills.is_of_year and bills.is_uncertain) as uncertain_teu,
    sum(bills.weight_kg * products.fraction) filter (where bills.is_of_year and bills.is_uncertain) as uncertain_kg,
    sum(bills.teu * products.fraction) filter (where bills.is_of_year and bills.is_forwarded) as forwarded_teu,
    sum(bills.weight_kg * products.fraction) filter (where bills.is_of_year and bills.is_forwarded) as forwarded_kg
from bills
inner join {{ ref('asof_product') }} as products on bills.identifier = products.identifier
group by bills.supplier_key, bills.consignee_key, products.hs4, bills.origin_country_code
