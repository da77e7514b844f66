{{ config(tags=['weekly']) }}

-- No alert is one that an earlier week has raised and not retracted.
select alerts.alert_id
from {{ ref('snap_alert') }} as alerts
inner join {{ ref('week_earlier_alert') }} as earlier on alerts.alert_id = earlier.alert_id
where not earlier.is_of_this_week and not earlier.is_taken_back
