-- One row per shipment of a late family, with the version that counted at the cut-off and its bill_state then.

with records as (
    select * from {{ ref('int_record') }}
    where
        family_key in (select late.family_key from {{ ref('late_family') }} as late)
        and run_date <= (select week.cut_off from {{ ref('asof_week') }} as week)
),

{{ judged_shipments('records') }}

select
    identifier,
    family_key,
    use_of_number,
    bill_state,
    first_release_date,
    last_release_date,
    versions
from judged
