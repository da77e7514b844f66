-- One row per piece of news that shares its cause with others of this week, with the name of the cause. A customer that
-- leaves several suppliers is one; so is all that one supplier's customers did; so is a product in which alternatives
-- went, since a candidate that is full is full for all.

with news as (
    select
        news.alert_id,
        news.alert_type,
        news.supplier_id,
        news.consignee_id,
        news.threshold,
        case
            when news.alert_type in ('customer_lost', 'went_dark') then news.consignee_id
            when news.alert_type = 'mix_shifted' and news.direction = 'down' then news.driver_consignee_id
        end as leaver_id
    from {{ ref('week_news') }} as news
),

leavers as (
    select leaver_id
    from news
    where leaver_id is not null
    group by leaver_id
    having count(distinct supplier_id) > 1
),

named as (
    select
        news.alert_id,
        case
            when leavers.leaver_id is not null then 'customer ' || leavers.leaver_id
            when news.alert_type = 'alternatives_gone' then 'product ' || news.threshold
            else 'supplier ' || news.supplier_id
        end as cause
    from news
    left join leavers on news.leaver_id = leavers.leaver_id
)

select
    named.alert_id,
    week.as_of_week || ' ' || named.cause as cause_group,
    count(*) over (partition by named.cause) as group_size
from named
cross join {{ ref('asof_week') }} as week
