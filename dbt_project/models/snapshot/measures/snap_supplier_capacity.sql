-- the linter reads the ends of the loops over windows as indents in turn
-- noqa: disable=LT02
-- One row per named supplier and product (`all` products) of the 52 weeks: its last window beside its best ones. A
-- window is a quarter, half a year or a year, the longer the less often it ships.

with wholes as (
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
    from {{ ref('week_supplier_product') }} as parts
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

-- the best window ends in a week with volume, so weeks without need no row
summed as (
    select
        weeks.*,
        week.week_number as as_of,
        weeks.week_number > week.week_number - {{ weeks_of_year() }} as is_of_year,
    {%- for length in capacity_windows() %}
    sum(weeks.volume) over of_{{ length }} as volume_of_{{ length }},
    sum(case when weeks.week_number > week.week_number - {{ weeks_of_year() }} then weeks.volume end)
        over of_{{ length }} as volume_in_year_of_{{ length }}{{ ',' if not loop.last }}
    {%- endfor %}
    from weeks
    cross join {{ ref('asof_week') }} as week
    window
    {%- for length in capacity_windows() %}
    of_{{ length }} as (
        partition by weeks.supplier_key, weeks.hs4
        order by weeks.week_number
        range between {{ length - 1 }} preceding and current row
    ){{ ',' if not loop.last }}
    {%- endfor %}
),

rhythms as (
    select
        supplier_key,
        hs4,
        is_in_teu,
        as_of,
        as_of - min(week_number) + 1 as weeks_seen,
        count(*) as weeks_shipped
        {%- for length in capacity_windows() %},
        coalesce(sum(case when week_number > as_of - {{ length }} then volume end), 0) as last_{{ length }},
        max(case when is_of_year then volume_in_year_of_{{ length }} end) as best_of_year_{{ length }},
        max(volume_of_{{ length }}) as best_{{ length }},
        cast(max_by(week_number, (volume_of_{{ length }}, week_number)) as integer) as best_end_{{ length }}
        {%- endfor %}
    from summed
    group by supplier_key, hs4, is_in_teu, as_of
),

-- few shipments a window would make chance look like capacity
measured as (
    select
        *,
        case
            when weeks_shipped >= {{ threshold('capacity_weekly_part') }} * weeks_seen then {{ quarter_weeks() }}
            when weeks_shipped >= {{ threshold('capacity_monthly_part') }} * weeks_seen then {{ half_year_weeks() }}
            else {{ weeks_of_year() }}
        end as window_weeks
    from rhythms
),

known as (
    select
        supplier_key,
        hs4,
        is_in_teu,
        window_weeks,
        weeks_seen,
        -- the best of less than a year would be a season's
        weeks_seen >= {{ threshold('capacity_least_weeks') }} as is_long_seen
        {%- for figure in ('last', 'best_of_year', 'best', 'best_end') %},
        case window_weeks
            {%- for length in capacity_windows() %}
            when {{ length }} then {{ figure }}_{{ length }}
            {%- endfor %}
        end as {{ figure }}
        {%- endfor %}
    from measured
)

select
    week.as_of_week,
    suppliers.supplier_id,
    known.hs4,
    cast(known.window_weeks as integer) as window_weeks,
    case when known.is_in_teu then 'teu' else 'kg' end as volume_unit,
    cast(known.weeks_seen as integer) as weeks_seen,
    cast(known.last as decimal(20, 6)) as last_window,
    cast(case when known.is_long_seen then known.best_of_year end as decimal(20, 6)) as best_window_52w,
    cast(case when known.is_long_seen then known.best end as decimal(20, 6)) as best_window_156w,
    case when known.is_long_seen then {{ sunday_of('known.best_end') }} end as best_window_156w_end,
    case when known.is_long_seen then {{ share_of('known.last', 'known.best_of_year') }} end as slack_ratio_52w,
    cast(case when known.is_long_seen then known.best - known.last end as decimal(20, 6)) as slack_156w
from known
inner join {{ ref('week_supplier_entity') }} as suppliers on known.supplier_key = suppliers.supplier_key
cross join {{ ref('asof_week') }} as week
-- a part of what a supplier ships shows no room
where exists (
    select 1
    from {{ ref('week_scope') }} as scopes
    where scopes.side = 'all' or (scopes.side = 'supplier' and scopes.firm_key = known.supplier_key)
)
