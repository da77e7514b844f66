-- One row per named supplier and product (`all` products) of the 52 weeks: its last quarter beside its best ones.

with parts as (
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
),

wholes as (
    select
        bills.supplier_key,
        bills.week_number,
        sum(bills.teu) as teu,
        sum(bills.weight_kg) as weight_kg
    from {{ ref('week_bill') }} as bills
    cross join {{ ref('asof_week') }} as week
    where bills.supplier_key is not null and bills.week_number > week.week_number - {{ capacity_weeks() }}
    group by bills.supplier_key, bills.week_number
),

-- distinct: a row per customer and origin
sold as (
    select distinct supplier_key, hs4
    from {{ ref('week_cell') }}
    where bills > 0 and supplier_key is not null and hs4 is not null
),

weeks as (
    select
        parts.supplier_key,
        parts.hs4,
        units.is_in_teu,
        parts.week_number,
        {{ unit_volume('units.is_in_teu', 'parts.teu', 'parts.weight_kg') }} as volume
    from parts
    inner join sold on parts.supplier_key = sold.supplier_key and parts.hs4 = sold.hs4
    inner join {{ ref('week_product_unit') }} as units on parts.hs4 = units.hs4

    union all

    select
        wholes.supplier_key,
        'all' as hs4,
        suppliers.is_in_teu,
        wholes.week_number,
        {{ unit_volume('suppliers.is_in_teu', 'wholes.teu', 'wholes.weight_kg') }} as volume
    from wholes
    inner join {{ ref('week_supplier') }} as suppliers on wholes.supplier_key = suppliers.supplier_key
),

-- the best quarter ends in a week with volume, so weeks without need no row
quarters as (
    select
        weeks.*,
        week.week_number as as_of,
        sum(weeks.volume) over quarter as volume_of_quarter,
        sum(case when weeks.week_number > week.week_number - {{ weeks_of_year() }} then weeks.volume end) over quarter
            as volume_of_quarter_in_year
    from weeks
    cross join {{ ref('asof_week') }} as week
    window
        quarter as (
            partition by weeks.supplier_key, weeks.hs4
            order by weeks.week_number
            range between {{ quarter_weeks() | int - 1 }} preceding and current row
        )
),

capacities as (
    select
        supplier_key,
        hs4,
        is_in_teu,
        as_of - min(week_number) + 1 as weeks_seen,
        coalesce(sum(case when week_number > as_of - {{ quarter_weeks() }} then volume end), 0) as last_quarter,
        max(case when week_number > as_of - {{ weeks_of_year() }} then volume_of_quarter_in_year end) as best_of_year,
        max(volume_of_quarter) as best,
        cast(max_by(week_number, (volume_of_quarter, week_number)) as integer) as best_end
    from quarters
    group by supplier_key, hs4, is_in_teu, as_of
),

-- the best of less than a year would be a season's
known as (
    select
        *,
        weeks_seen >= {{ threshold('capacity_least_weeks') }} as is_long_seen
    from capacities
)

select
    week.as_of_week,
    suppliers.supplier_id,
    known.hs4,
    {{ quarter_weeks() }} as window_weeks,
    case when known.is_in_teu then 'teu' else 'kg' end as volume_unit,
    cast(known.weeks_seen as integer) as weeks_seen,
    cast(known.last_quarter as decimal(20, 6)) as last_window,
    cast(case when known.is_long_seen then known.best_of_year end as decimal(20, 6)) as best_window_52w,
    cast(case when known.is_long_seen then known.best end as decimal(20, 6)) as best_window_156w,
    case when known.is_long_seen then {{ sunday_of('known.best_end') }} end as best_window_156w_end,
    case when known.is_long_seen then {{ share_of('known.last_quarter', 'known.best_of_year') }} end
        as slack_ratio_52w,
    cast(case when known.is_long_seen then known.best - known.last_quarter end as decimal(20, 6)) as slack_156w
from known
inner join {{ ref('week_supplier_entity') }} as suppliers on known.supplier_key = suppliers.supplier_key
cross join {{ ref('asof_week') }} as week
