-- One row per family of bills that a record after the cut-off touches.

select distinct family_key
from {{ ref('int_record') }}
where run_date > (select week.cut_off from {{ ref('asof_week') }} as week)
