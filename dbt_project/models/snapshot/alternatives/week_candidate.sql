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
    capacities.weeks_seen,
    cast(capacities.best_window_156w as decimal(18, 6)) as best_quarter,
    cast(capacities.last_window as decimal(18, 6)) as last_quarter,
    cast(capacities.slack_156w as decimal(18, 6)) as spare_capacity
from trading
inner join {{ ref('snap_supplier_capacity') }} as capacities
    on trading.supplier_id = capacities.supplier_id and trading.hs4 = capacities.hs4
where capacities.slack_156w > 0
