-- One row per product and supplier that shipped it within 156 weeks and is no forwarder: an alternative of some grade
-- to whoever else supplies it.
--
-- A product that a supplier of other goods shipped in a single week is left out: wrong codes make such bills.

with shipped as (
    select
        supplier_key,
        hs4,
        count(*) as weeks
    from {{ ref('week_supplier_product') }}
    group by supplier_key, hs4
),

busy as (
    select
        supplier_key,
        sum(weeks) as weeks
    from shipped
    group by supplier_key
),

sold as (
    select
        shipped.supplier_key,
        shipped.hs4
    from shipped
    inner join busy on shipped.supplier_key = busy.supplier_key
    where shipped.weeks > 1 or busy.weeks < {{ threshold('stray_code_weeks') }}
),

customers as (
    select
        volumes.hs4,
        volumes.supplier_id,
        volumes.bills,
        {{ unit_volume('products.is_in_teu', 'volumes.teu', 'volumes.weight_kg') }} as volume,
        coalesce(consignees.group_id, volumes.consignee_id) as customer_id
    from {{ ref('week_volume') }} as volumes
    inner join {{ ref('week_product_unit') }} as products on volumes.hs4 = products.hs4
    left join {{ ref('dim_consignee') }} as consignees on volumes.consignee_id = consignees.consignee_id
    where volumes.supplier_id is not null
),

traded as (
    select
        hs4,
        supplier_id,
        sum(bills) as bills_52w,
        sum(volume) as volume_52w,
        count(distinct customer_id) as customers_52w,
        case when count(distinct customer_id) = 1 then min(customer_id) end as only_customer_id
    from customers
    group by hs4, supplier_id
),

candidates as (
    select
        products.product_no,
        sold.hs4,
        sellers.supplier_id,
        sold.supplier_key,
        sellers.group_id,
        suppliers.country_code,
        suppliers.city,
        products.is_in_teu,
        {{ threshold('likeness_bills_of_supplier') }} / traded.bills_52w as text_draw,
        cast(coalesce(traded.bills_52w, 0) as bigint) as bills_52w,
        cast(coalesce(traded.volume_52w, 0) as decimal(20, 6)) as volume_52w,
        cast(coalesce(traded.customers_52w, 0) as bigint) as customers_52w,
        traded.only_customer_id,
        capacities.weeks_seen,
        capacities.window_weeks,
        cast(capacities.best_window_156w as decimal(18, 6)) as best_window,
        cast(capacities.last_window as decimal(18, 6)) as last_window,
        -- of a quarter, whatever window it is measured by; null where it would not do for grade A
        cast(
            case
                when
                    traded.customers_52w >= {{ threshold('alternative_least_customers') }}
                    and capacities.slack_156w > 0
                    then capacities.slack_156w * {{ quarter_weeks() }} / capacities.window_weeks
            end as decimal(18, 6)
        ) as spare_quarter
    from sold
    inner join {{ ref('week_product_unit') }} as products on sold.hs4 = products.hs4
    inner join {{ ref('week_supplier_entity') }} as sellers on sold.supplier_key = sellers.supplier_key
    inner join {{ ref('dim_supplier') }} as suppliers on sellers.supplier_id = suppliers.supplier_id
    left join traded on sellers.supplier_id = traded.supplier_id and sold.hs4 = traded.hs4
    left join {{ ref('snap_supplier_capacity') }} as capacities
        on sellers.supplier_id = capacities.supplier_id and sold.hs4 = capacities.hs4
    where suppliers.role not in ('forwarder', 'bank')
)

select
    -- in order of capacity within a product
    cast(
        row_number() over (order by hs4 asc, spare_quarter desc nulls last, volume_52w desc, supplier_id asc) as integer
    ) as candidate_no,
    *
from candidates
