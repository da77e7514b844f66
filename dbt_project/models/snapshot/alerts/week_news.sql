-- One row per finding that becomes an alert in this week, with how much of the supplier it is about and its cause. A
-- customer that leaves several suppliers is one cause; so is all that one supplier's customers did; so is a product in
-- which alternatives went, since an alternative that is full is full for all. A line that was crossed where no customer
-- came, went or shifted stands alone.

with found as (
    select
        findings.*,
        suppliers.supplier_id,
        consignees.consignee_id,
        drivers.consignee_id as driver_consignee_id
    from {{ ref('week_finding') }} as findings
    inner join {{ ref('asof_week') }} as week on findings.at_week = week.week_number
    inner join {{ ref('week_supplier_entity') }} as suppliers on findings.supplier_key = suppliers.supplier_key
    left join {{ ref('week_consignee_entity') }} as consignees on findings.consignee_key = consignees.consignee_key
    left join {{ ref('week_consignee_entity') }} as drivers on findings.driver_key = drivers.consignee_key
    where findings.fires
),

news as (
    select
        episodes.alert_id,
        found.*,
        -- how much of the supplier (of alternatives: of the buyer) it is about, 0..1
        case
            when found.alert_type = 'mix_shifted' then abs(found.effect) / 100
            when found.alert_type = 'slack_opened'
                then greatest({{ threshold('slack_part') }} - found.to_value, 0)
            when found.alert_type = 'alternatives_gone' then coalesce(leverage.share_of_buyer, 0)
            when found.threshold like 'hhi%' then abs(found.to_value - found.from_value)
            else greatest(coalesce(found.from_value, 0), coalesce(found.to_value, 0))
        end as part,
        case when found.to_value >= found.from_value then 'up' else 'down' end as direction
    from {{ ref('snap_alert_episode') }} as episodes
    inner join found
        on
            episodes.alert_type = found.alert_type
            and episodes.supplier_id = found.supplier_id
            and coalesce(episodes.consignee_id, '') = coalesce(found.consignee_id, '')
            and episodes.threshold = found.threshold
            and episodes.notified_week = found.at_week
    left join {{ ref('snap_leverage_snapshot') }} as leverage
        on
            episodes.supplier_id = leverage.supplier_id
            and episodes.consignee_id = leverage.consignee_id
            and episodes.threshold = leverage.hs4
),

with_leaver as (
    select
        *,
        case
            when alert_type in ('customer_lost', 'went_dark') then consignee_id
            when alert_type = 'mix_shifted' and direction = 'down' then driver_consignee_id
        end as leaver_id
    from news
),

leavers as (
    select leaver_id
    from with_leaver
    where leaver_id is not null
    group by leaver_id
    having count(distinct supplier_id) > 1
),

-- suppliers with an event of a customer or a shift that was reported and lasts
eventful as (
    select distinct supplier_id
    from {{ ref('snap_alert_episode') }}
    where
        phase = 'open'
        and alert_type in ('customer_lost', 'customer_won', 'went_dark', 'resurfaced', 'mix_shifted')
),

with_cause as (
    select
        news.*,
        news.alert_type in ('tier_crossed', 'concentration_crossed')
        and news.supplier_id not in (select eventful.supplier_id from eventful) as is_line_alone,
        case
            when leavers.leaver_id is not null then 'customer ' || leavers.leaver_id
            when news.alert_type = 'alternatives_gone' then 'product ' || news.threshold
            else 'supplier ' || news.supplier_id
        end as cause
    from with_leaver as news
    left join leavers on news.leaver_id = leavers.leaver_id
)

select
    news.*,
    case
        when news.part >= rules.tier_a_share then 'large'
        when news.part >= rules.tier_b_share then 'middling'
        else 'small'
    end as size,
    week.as_of_week || ' ' || news.cause as cause_group,
    count(*) over (partition by news.cause) as group_size
from with_cause as news
cross join {{ ref('week_rule') }} as rules
cross join {{ ref('asof_week') }} as week
