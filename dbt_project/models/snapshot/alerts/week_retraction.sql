-- One row per alert to take back: its week, evaluated again, does not show it any more, or an earlier revision of this
-- week has it and this one does not (unless a revision of an earlier week has it by now). With what the alert said, as
-- its newest snapshot froze it.

with alerts as (
    select
        {%- set parties = ['supplier_id', 'consignee_id'] %}
        {%- for name in alert_columns() if name not in parties + ['alert_id', 'supersedes_alert_id'] %}
        {{ name }},
        {%- endfor %}
        alert_id
    from {{ ref('week_earlier_alert') }}
),

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
)

select
    alerts.*,
    {{ sha256_of(joined_lines(["'retracted'", 'alerts.alert_id'])) }} as retraction_id,
    reversed.supplier_id,
    reversed.consignee_id
from reversed
inner join alerts on reversed.alert_id = alerts.alert_id
