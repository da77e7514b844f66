-- One row per named supplier, customer (null: unnamed) and week with bills of the last 130 weeks: the input of
-- detection. `market_index` is how busy the rest of the market was: bills of others in the same products and origins,
-- over four weeks, relative to their mean; 1 where they are too few. `volume` is in the unit
-- of the supplier of now.

{% set smoothed_weeks = 4 %}

with bills as (
    select
        bills.identifier,
        bills.supplier_key,
        bills.consignee_key,
        bills.week_number,
        bills.origin_country_code,
        bills.teu,
        bills.weight_kg
    from {{ ref('week_bill') }} as bills
    cross join {{ ref('asof_week') }} as week
    where bills.week_number > week.week_number - {{ weeks_of_activity() }}
),

parts as (
    select
        bills.supplier_key,
        bills.consignee_key,
        bills.week_number,
        products.hs4,
        bills.origin_country_code,
        sum(products.fraction) as bills
    from bills
    inner join {{ ref('asof_product') }} as products on bills.identifier = products.identifier
    where products.hs4 is not null and bills.origin_country_code is not null
    group by bills.supplier_key, bills.consignee_key, bills.week_number, products.hs4, bills.origin_country_code
),

own_weeks as (
    select
        supplier_key,
        hs4,
        origin_country_code,
        week_number,
        sum(bills) as bills
    from parts
    group by supplier_key, hs4, origin_country_code, week_number
),

market_weeks as (
    select
        hs4,
        origin_country_code,
        week_number,
        sum(bills) as bills
    from own_weeks
    group by hs4, origin_country_code, week_number
),

markets as (
    select
        hs4,
        origin_country_code,
        week_number,
        sum(bills) over recent as recent_bills,
        sum(bills) over (partition by hs4, origin_country_code) as all_bills
    from market_weeks
    window
        recent as (
            partition by hs4, origin_country_code
            order by week_number range between {{ smoothed_weeks - 1 }} preceding and current row
        )
),

owned as (
    select
        supplier_key,
        hs4,
        origin_country_code,
        week_number,
        sum(bills) over recent as recent_bills,
        sum(bills) over (partition by supplier_key, hs4, origin_country_code) as all_bills
    from own_weeks
    where supplier_key is not null
    window
        recent as (
            partition by supplier_key, hs4, origin_country_code
            order by week_number range between {{ smoothed_weeks - 1 }} preceding and current row
        )
),

-- a supplier that is most of its market would else be compared with itself
others as (
    select
        owned.supplier_key,
        owned.hs4,
        owned.origin_country_code,
        owned.week_number,
        cast(markets.recent_bills - owned.recent_bills as double)
        / least({{ smoothed_weeks }}, owned.week_number - history.first_week + 1) as recent_bills,
        cast(markets.all_bills - owned.all_bills as double)
        / (week.week_number - history.first_week + 1) as mean_bills
    from owned
    inner join markets
        on
            owned.hs4 = markets.hs4
            and owned.origin_country_code = markets.origin_country_code
            and owned.week_number = markets.week_number
    cross join {{ ref('week_past') }} as history
    cross join {{ ref('asof_week') }} as week
    where owned.week_number >= history.first_week
),

indexed as (
    select
        supplier_key,
        hs4,
        origin_country_code,
        week_number,
        case
            when mean_bills < {{ threshold('market_least_bills') }} then 1.0
            else
                greatest(
                    least(recent_bills / mean_bills, {{ threshold('market_most') }}),
                    1.0 / {{ threshold('market_most') }}
                )
        end as market_index
    from others
),

pair_indexes as (
    select
        parts.supplier_key,
        parts.consignee_key,
        parts.week_number,
        -- bills without a product or origin weigh nothing here
        round(
            sum(cast(parts.bills as double) * coalesce(indexed.market_index, 1.0)) / sum(cast(parts.bills as double)), 6
        ) as market_index
    from parts
    left join indexed
        on
            parts.supplier_key = indexed.supplier_key
            and parts.hs4 = indexed.hs4
            and parts.origin_country_code = indexed.origin_country_code
            and parts.week_number = indexed.week_number
    where parts.supplier_key is not null
    group by parts.supplier_key, parts.consignee_key, parts.week_number
),

counted as (
    select
        supplier_key,
        consignee_key,
        week_number,
        cast(count(*) as integer) as bills,
        sum(teu) as teu,
        sum(weight_kg) as weight_kg
    from bills
    where supplier_key is not null
    group by supplier_key, consignee_key, week_number
)

select
    counted.supplier_key,
    counted.consignee_key,
    counted.week_number,
    counted.bills,
    cast(
        coalesce({{ unit_volume('suppliers.is_in_teu', 'counted.teu', 'counted.weight_kg') }}, 0) as double
    ) as volume,
    coalesce(pair_indexes.market_index, 1.0) as market_index
from counted
cross join {{ ref('week_past') }} as history
left join {{ ref('week_supplier') }} as suppliers on counted.supplier_key = suppliers.supplier_key
left join pair_indexes
    on
        counted.supplier_key = pair_indexes.supplier_key
        -- unnamed customers are one, and nulls join nothing
        and coalesce(counted.consignee_key, 0) = coalesce(pair_indexes.consignee_key, 0)
        and counted.week_number = pair_indexes.week_number
where counted.week_number >= history.first_week
