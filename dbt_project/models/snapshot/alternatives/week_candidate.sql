-- One row per product and supplier that could serve a further buyer: regular, of several customers, seen for long
-- enough, with its spare capacity.

with volumes as (
    select
        volumes.hs4,
        volumes.supplier_id,
        volumes.bills,
        coalesce(customers.group_id, volumes.consignee_id) as customer_id
    from {{ ref('week_volume') }} as volumes
    left join {{ ref('dim_consignee') }} as customers on volumes.consignee_id = customers.consignee_id
    where volumes.hs4 is not null and volumes.supplier_id is not null
),

traded as (
    select
        hs4,
        supplier_id,
        sum(bills) as bills_52w,
        count(distinct customer_id) as customers_52w
    from volumes
    group by hs4, supplier_id
    having
        sum(bills) >= {{ threshold('alternative_least_bills') }}
        and count(distinct customer_id) >= {{ threshold('alternative_least_customers') }}
),

trading as (
    select
        traded.*,
        products.product_no,
        products.is_in_teu,
        suppliers.country_code,
        suppliers.city,
        sellers.supplier_key,
        sellers.group_id,
        row_number() over (order by traded.hs4, traded.supplier_id) as candidate_no
    from traded
    inner join {{ ref('week_product_unit') }} as products on traded.hs4 = products.hs4
    inner join {{ ref('dim_supplier') }} as suppliers on traded.supplier_id = suppliers.supplier_id
    inner join {{ ref('week_supplier_entity') }} as sellers on traded.supplier_id = sellers.supplier_id
    where suppliers.role not in ('forwarder', 'bank')
),

-- summed before they are put into one unit: products of decimals are dear to round
sums as (
    select
        trading.candidate_no,
        trading.is_in_teu,
        bills.week_number,
        sum(bills.teu * parts.fraction) as teu,
        sum(bills.weight_kg * parts.fraction) as weight_kg
    from {{ ref('week_bill') }} as bills
    inner join {{ ref('asof_product') }} as parts on bills.identifier = parts.identifier
    inner join trading on parts.hs4 = trading.hs4 and bills.supplier_key = trading.supplier_key
    cross join {{ ref('asof_week') }} as week
    where bills.week_number > week.week_number - {{ capacity_weeks() }}
    group by trading.candidate_no, trading.is_in_teu, bills.week_number
),

weeks as (
    select
        candidate_no,
        week_number,
        {{ unit_volume('is_in_teu', 'teu', 'weight_kg') }} as volume
    from sums
),

-- the best quarter ends in a week with volume, so that weeks without need no row
quarters as (
    select
        candidate_no,
        week_number,
        volume,
        sum(volume) over (
            partition by candidate_no
            order by week_number
            range between {{ quarter_weeks() | int - 1 }} preceding and current row
        ) as quarter_volume
    from weeks
),

capacities as (
    select
        quarters.candidate_no,
        week.week_number - min(quarters.week_number) + 1 as weeks_seen,
        cast(max(quarters.quarter_volume) as decimal(18, 6)) as best_quarter,
        cast(
            coalesce(
                sum(quarters.volume) filter (where quarters.week_number > week.week_number - {{ quarter_weeks() }}), 0
            ) as decimal(18, 6)
        ) as last_quarter
    from quarters
    cross join {{ ref('asof_week') }} as week
    group by quarters.candidate_no, week.week_number
)

select
    cast(trading.candidate_no as integer) as candidate_no,
    trading.product_no,
    trading.hs4,
    trading.supplier_id,
    trading.supplier_key,
    trading.group_id,
    trading.country_code,
    trading.city,
    trading.is_in_teu,
    {{ threshold('likeness_bills_of_supplier') }} / trading.bills_52w as text_draw,
    cast(trading.bills_52w as bigint) as bills_52w,
    cast(trading.customers_52w as bigint) as customers_52w,
    cast(capacities.weeks_seen as integer) as weeks_seen,
    capacities.best_quarter,
    capacities.last_quarter,
    cast(capacities.best_quarter - capacities.last_quarter as decimal(18, 6)) as spare_capacity
from trading
inner join capacities on trading.candidate_no = capacities.candidate_no
where
    capacities.weeks_seen >= {{ threshold('capacity_least_weeks') }}
    and capacities.best_quarter > capacities.last_quarter
