-- One row per named supplier and customer of at least a tenth that left it: what the supplier's other customers took in
-- the 52 weeks after its last bill, net of the market's growth.
--
-- In kilograms, between named parties, over all records: a customer has left when 52 weeks passed without a bill.

with bills as (
    select
        supplier_key,
        consignee_key,
        week_number,
        weight_kg
    from {{ ref('week_bill') }}
    where supplier_key is not null and consignee_key is not null and weight_kg > 0
),

left_pairs as (
    select
        bills.supplier_key,
        bills.consignee_key,
        max(bills.week_number) as last_week
    from bills
    group by bills.supplier_key, bills.consignee_key
    having
        max(bills.week_number)
        <= (select week.week_number - {{ weeks_of_year() }} from {{ ref('asof_week') }} as week)
),

supplier_weeks as (
    select
        supplier_key,
        week_number,
        sum(weight_kg) as weight_kg
    from bills
    group by supplier_key, week_number
),

market_weeks as (
    select
        week_number,
        sum(weight_kg) as weight_kg
    from supplier_weeks
    group by week_number
),

supplier_years as (
    select
        supplier_key,
        week_number,
        min(week_number) over (partition by supplier_key) as first_week,
        sum(weight_kg) over before as kg_before,
        coalesce(sum(weight_kg) over after, 0) as kg_after
    from supplier_weeks
    window
        before as (
            partition by supplier_key order by week_number
            range between {{ weeks_of_year() | int - 1 }} preceding and current row
        ),
        after as (
            partition by supplier_key order by week_number
            range between 1 following and {{ weeks_of_year() }} following
        )
),

market_years as (
    select
        week_number,
        sum(weight_kg) over before as kg_before,
        coalesce(sum(weight_kg) over after, 0) as kg_after
    from market_weeks
    window
        before as (order by week_number range between {{ weeks_of_year() | int - 1 }} preceding and current row),
        after as (order by week_number range between 1 following and {{ weeks_of_year() }} following)
),

-- the year that ends with the last bill
customers as (
    select
        left_pairs.supplier_key,
        left_pairs.consignee_key,
        left_pairs.last_week,
        count(distinct bills.week_number) as shipments,
        sum(bills.weight_kg) as weight_kg
    from left_pairs
    inner join bills
        on
            left_pairs.supplier_key = bills.supplier_key
            and left_pairs.consignee_key = bills.consignee_key
            and bills.week_number > left_pairs.last_week - {{ weeks_of_year() }}
    group by left_pairs.supplier_key, left_pairs.consignee_key, left_pairs.last_week
),

-- whoever shipped seldom may only be late, and a supplier that is new has no year to compare with
leavers as (
    select
        customers.supplier_key,
        customers.consignee_key,
        customers.last_week,
        customers.weight_kg,
        years.kg_before,
        years.kg_after,
        markets.kg_before - years.kg_before as market_before,
        markets.kg_after - years.kg_after as market_after
    from customers
    inner join supplier_years as years
        on customers.supplier_key = years.supplier_key and customers.last_week = years.week_number
    inner join market_years as markets on customers.last_week = markets.week_number
    cross join {{ ref('week_rule') }} as rules
    where
        customers.shipments >= {{ threshold('refill_least_shipments') }}
        and customers.weight_kg >= rules.major_customer_share * years.kg_before
        and years.first_week <= customers.last_week - {{ weeks_of_year() | int - 1 }}
),

other_customers as (
    select
        leavers.supplier_key,
        leavers.consignee_key,
        bills.consignee_key as other_key,
        sum(bills.weight_kg) as weight_kg
    from leavers
    inner join bills
        on
            leavers.supplier_key = bills.supplier_key
            and leavers.consignee_key <> bills.consignee_key
            and leavers.last_week >= bills.week_number
            and leavers.last_week - {{ weeks_of_year() }} < bills.week_number
    group by leavers.supplier_key, leavers.consignee_key, bills.consignee_key
),

spreads as (
    select
        supplier_key,
        consignee_key,
        sum(weight_kg) as weight_kg,
        sum({{ squared('weight_kg') }}) as squares
    from other_customers
    group by supplier_key, consignee_key
),

changes as (
    select
        leavers.*,
        spreads.weight_kg as others_before,
        1 - cast(spreads.squares as double) / cast(spreads.weight_kg as double) / cast(spreads.weight_kg as double)
            as spread,
        -- a market of few others can do anything
        least(greatest(coalesce({{ share_of('leavers.market_after', 'leavers.market_before') }}, 1), 0.5), 2.0)
            as market_growth
    from leavers
    inner join spreads
        on leavers.supplier_key = spreads.supplier_key and leavers.consignee_key = spreads.consignee_key
),

shares as (
    select
        *,
        {{ share_of('weight_kg', 'kg_before') }} as share,
        (cast(kg_after as double) - cast(others_before as double) * market_growth) / cast(kg_before as double)
            as others_change
    from changes
)

select
    supplier_key,
    consignee_key,
    last_week,
    share,
    greatest(spread, 0) as spread,
    -- a part of the supplier's year, no more than the customer's own: what others move by beyond it is no refill
    cast(least(greatest(others_change, -share), share) as decimal(18, 9)) as others_change,
    cast(greatest(spread, 0) * share as decimal(18, 9)) as expected_at_one
from shares
