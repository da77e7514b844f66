-- One row per customer that fell silent with a supplier and one that is new there, of so like a name that they may be
-- one firm, from either side: that is a question of identity, not news.

with pairs as (
    select
        activity.supplier_key,
        activity.consignee_key,
        min(activity.week_number) as first_week,
        max(activity.week_number) as last_week
    from {{ ref('week_activity') }} as activity
    where activity.consignee_key is not null
    group by activity.supplier_key, activity.consignee_key
),

named as (
    select
        pairs.supplier_key,
        pairs.consignee_key,
        pairs.first_week,
        pairs.last_week,
        history.first_week as history_start,
        week.week_number as week_now,
        {{ clean_words('parties.consignee_name') }} as clean_name
    from pairs
    inner join {{ ref('week_consignee_entity') }} as customers on pairs.consignee_key = customers.consignee_key
    inner join {{ ref('dim_consignee') }} as parties on customers.consignee_id = parties.consignee_id
    cross join {{ ref('week_past') }} as history
    cross join {{ ref('asof_week') }} as week
),

-- firms of like names begin alike: the first letters spare the comparison of each with each
alike as (
    select distinct
        silent.consignee_key as silent_key,
        new.consignee_key as new_key
    from named as silent
    inner join named as new
        on
            silent.supplier_key = new.supplier_key
            and left(silent.clean_name, 3) = left(new.clean_name, 3)
            and silent.consignee_key <> new.consignee_key
    where
        new.first_week > new.history_start
        and new.first_week > new.week_now - {{ weeks_of_year() }}
        and new.first_week > silent.first_week
        and silent.last_week < new.last_week
        -- one name gives way to the other: they meet for some weeks at most
        and silent.last_week <= new.first_week + {{ threshold('likely_same_weeks') }}
        and {{ likeness_of('silent.clean_name', 'new.clean_name') }} >= {{ threshold('likely_same_likeness') }}
)

-- distinct: with several suppliers a customer may be the silent and the new one
select
    silent_key as consignee_key,
    new_key as other_key
from alike
union
select
    new_key as consignee_key,
    silent_key as other_key
from alike
