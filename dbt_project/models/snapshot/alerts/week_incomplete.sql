-- One row per week that lacks records: a release day around it is missing, open or waived.

select distinct cast(incomplete.week_number as integer) as week_number
from {{ ref('stg_incomplete_week') }} as incomplete
