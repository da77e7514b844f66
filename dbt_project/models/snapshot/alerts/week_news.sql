-- One row per finding that is news in this week: it was not told before, and its episode tells it now.

with found as (
    select findings.*
    from {{ ref('week_finding') }} as findings
    cross join {{ ref('asof_week') }} as week
    where findings.at_week = week.week_number
),

news as (
    select
        episodes.alert_id,
        episodes.supplier_id,
        episodes.consignee_id,
        drivers.consignee_id as driver_consignee_id,
        found.*,
        -- how much of the supplier (of alternatives: of the buyer) it is about, 0..1
        case
            when found.alert_type = 'mix_shifted' then abs(found.effect) / 100
            when found.alert_type = 'slack_opened'
                then greatest({{ alert_rule('slack_part') }} - found.to_value, 0)
            when found.alert_type = 'alternatives_gone' then coalesce(leverage.share_of_buyer, 0)
            when found.threshold like 'hhi%' then abs(found.to_value - found.from_value)
            else greatest(coalesce(found.from_value, 0), coalesce(found.to_value, 0))
        end as part
    from {{ ref('week_named_episode') }} as episodes
    inner join found
        on
            episodes.alert_type = found.alert_type
            and episodes.supplier_key = found.supplier_key
            and coalesce(episodes.consignee_key, 0) = coalesce(found.consignee_key, 0)
            and episodes.threshold = found.threshold
    left join {{ ref('week_consignee_entity') }} as drivers on found.driver_key = drivers.consignee_key
    left join {{ ref('snap_leverage_snapshot') }} as leverage
        on
            episodes.supplier_id = leverage.supplier_id
            and episodes.consignee_id = leverage.consignee_id
            and episodes.threshold = leverage.hs4
    where episodes.outcome = 'open' and episodes.notified_week = found.at_week
)

select
    news.*,
    case
        when news.part >= rules.tier_a_share then 'large'
        when news.part >= rules.tier_b_share then 'middling'
        else 'small'
    end as size,
    case when news.to_value >= news.from_value then 'up' else 'down' end as direction
from news
cross join {{ ref('week_rule') }} as rules
