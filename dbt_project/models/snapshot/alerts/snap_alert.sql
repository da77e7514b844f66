-- One row per alert of the as-of week: what changed at a supplier, raised once, and what is taken back.

with news as (
    select
        news.alert_id,
        news.alert_type,
        case when news.is_line_alone then 'info' else severities.severity end as severity,
        news.supplier_id,
        news.consignee_id,
        news.driver_consignee_id,
        news.threshold,
        {{ monday_of('news.before_start') }} as window_before_start_date,
        {{ sunday_of('news.before_end') }} as window_before_end_date,
        {{ monday_of('news.window_start') }} as window_start_date,
        {{ sunday_of('news.window_end') }} as window_end_date,
        {{ week_text(monday_of('news.began')) }} as episode_start_week,
        news.from_value,
        news.to_value,
        case
            when news.alert_type = 'alternatives_gone' then 'alternatives'
            when news.alert_type = 'slack_opened' then 'part_of_best'
            when news.threshold like 'hhi%' then 'hhi'
            else 'share'
        end as value_unit,
        news.effect,
        news.effect_low,
        news.effect_high,
        news.bills_before as bills_per_week_before,
        news.bills_after as bills_per_week_after,
        news.p_value,
        news.q_value,
        news.certainty,
        news.coverage,
        news.cause_group,
        news.group_size,
        coalesce(nullif(news.alternative_explanation, ''), 'nothing') as alternative_explanation_code,
        bills.evidence,
        cast(null as varchar) as supersedes_alert_id
    from {{ ref('week_news') }} as news
    inner join {{ ref('week_alert_bill') }} as bills on news.alert_id = bills.alert_id
    left join {{ ref('alert_severity') }} as severities
        on news.alert_type = severities.alert_type and news.size = severities.size
),

-- to take back: what its week, evaluated again, does not show any more, or what an earlier revision of this week has
-- and this one does not (unless a revision of an earlier week has it by now)
reversed as (
    select
        open_before.alert_id,
        suppliers.supplier_id,
        consignees.consignee_id
    from {{ ref('week_episode') }} as episodes
    inner join {{ ref('week_open_episode') }} as open_before
        on
            episodes.alert_type = open_before.alert_type
            and episodes.supplier_key = open_before.supplier_key
            and coalesce(episodes.consignee_key, 0) = coalesce(open_before.consignee_key, 0)
            and episodes.threshold = open_before.threshold
            and episodes.first_window_end = open_before.first_window_end
    inner join {{ ref('week_supplier_entity') }} as suppliers on episodes.supplier_key = suppliers.supplier_key
    left join {{ ref('week_consignee_entity') }} as consignees on episodes.consignee_key = consignees.consignee_key
    where episodes.outcome = 'retracted'

    union all

    select
        before.alert_id,
        before.supplier_id,
        before.consignee_id
    from {{ ref('week_earlier_alert') }} as before
    left join {{ ref('snap_alert_episode') }} as running
        on before.alert_id = running.alert_id and running.phase = 'open'
    where before.is_of_this_week and running.alert_id is null
),

-- with what the alert said, as its newest snapshot froze it
retractions as (
    select
        {{ sha256_of(joined_lines(["'retracted'", 'taken_back.alert_id'])) }} as alert_id,
        'retracted' as alert_type,
        taken_back.severity,
        reversed.supplier_id,
        reversed.consignee_id,
        taken_back.driver_consignee_id,
        taken_back.threshold,
        taken_back.window_before_start_date,
        taken_back.window_before_end_date,
        taken_back.window_start_date,
        taken_back.window_end_date,
        taken_back.episode_start_week,
        taken_back.from_value,
        taken_back.to_value,
        taken_back.value_unit,
        taken_back.effect,
        taken_back.effect_low,
        taken_back.effect_high,
        taken_back.bills_per_week_before,
        taken_back.bills_per_week_after,
        taken_back.p_value,
        taken_back.q_value,
        taken_back.certainty,
        taken_back.coverage,
        cast(null as varchar) as cause_group,
        1 as group_size,
        'late_data' as alternative_explanation_code,
        taken_back.evidence,
        taken_back.alert_id as supersedes_alert_id
    from reversed
    inner join {{ ref('week_earlier_alert') }} as taken_back on reversed.alert_id = taken_back.alert_id
),

alerts as (
    select * from news
    union all
    select * from retractions
)

select
    week.as_of_week,
    alerts.alert_id,

    -- what it is about
    alerts.alert_type,
    alerts.severity,
    alerts.supplier_id,
    alerts.consignee_id,
    alerts.driver_consignee_id,
    alerts.threshold,

    -- when
    alerts.window_before_start_date,
    alerts.window_before_end_date,
    alerts.window_start_date,
    alerts.window_end_date,
    alerts.episode_start_week,

    -- from what to what
    alerts.from_value,
    alerts.to_value,
    alerts.value_unit,
    alerts.effect,
    alerts.effect_low,
    alerts.effect_high,
    alerts.bills_per_week_before,
    alerts.bills_per_week_after,

    -- how sure
    alerts.p_value,
    alerts.q_value,
    alerts.certainty,
    alerts.coverage,

    -- with what else, and what to do with it
    case when alerts.group_size > 1 then alerts.cause_group end as cause_group,
    cast(alerts.group_size as bigint) as group_size,
    alerts.alternative_explanation_code,
    alerts.evidence,
    alerts.supersedes_alert_id,
    week.er_version,
    rules.ruleset_version
from alerts
cross join {{ ref('week_rule') }} as rules
cross join {{ ref('asof_week') }} as week
