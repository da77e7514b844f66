-- One row per alert to take back: its week, looked at anew, does not show it any more, or an earlier revision of this
-- week told it and this one does not.

with reversed as (
    select
        episodes.alert_id,
        episodes.supplier_id,
        episodes.consignee_id
    from {{ ref('week_named_episode') }} as episodes
    where episodes.outcome = 'retracted'

    union all

    select
        told.alert_id,
        told.supplier_id,
        told.consignee_id
    from {{ ref('week_told_alert') }} as told
    left join {{ ref('week_news') }} as news on told.alert_id = news.alert_id
    where told.is_of_this_week and news.alert_id is null
)

select
    told.* exclude (alert_id, supplier_id, consignee_id, as_of_week, is_of_this_week),
    {{ sha256_of(joined_lines(["'retracted'", 'told.alert_id'])) }} as alert_id,
    told.alert_id as supersedes_alert_id,
    reversed.supplier_id,
    reversed.consignee_id
from reversed
inner join {{ ref('week_told_alert') }} as told on reversed.alert_id = told.alert_id
