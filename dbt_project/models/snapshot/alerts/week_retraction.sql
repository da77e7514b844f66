-- One row per alert to take back: its week, looked at anew, does not show it any more, or an earlier revision of this
-- week told it and this one does not (unless a revision of an earlier week has told it by now).

with told as (
    select * exclude (supplier_id, consignee_id, as_of_week, is_of_this_week, is_taken_back)
    from {{ ref('week_told_alert') }}
),

reversed as (
    select
        episodes.alert_id,
        episodes.supplier_id,
        episodes.consignee_id
    from {{ ref('week_named_episode') }} as episodes
    where episodes.outcome = 'retracted'

    union all

    select
        before.alert_id,
        before.supplier_id,
        before.consignee_id
    from {{ ref('week_told_alert') }} as before
    left join {{ ref('week_named_episode') }} as running
        on before.alert_id = running.alert_id and running.outcome = 'open' and running.phase = 'open'
    where before.is_of_this_week and running.alert_id is null
)

select
    told.*,
    {{ sha256_of(joined_lines(["'retracted'", 'told.alert_id'])) }} as retraction_id,
    reversed.supplier_id,
    reversed.consignee_id
from reversed
inner join told on reversed.alert_id = told.alert_id
