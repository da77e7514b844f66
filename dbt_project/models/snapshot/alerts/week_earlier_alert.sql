-- One row per alert that a frozen snapshot has, of the weeks before and of earlier revisions of this one: as its newest
-- snapshot froze it, whether that is of this week, and whether it was taken back.

with frozen as (
    select
        rows_before.as_of_week,
        {%- for name in alert_columns() %}
        rows_before.{{ name }},
        {%- endfor %}
        rows_before.revision
    from {{ source('earlier_snapshots', 'fct_alert') }} as rows_before
    cross join {{ ref('asof_week') }} as week
    where rows_before.as_of_week <= week.as_of_week
),

taken_back as (
    select distinct supersedes_alert_id as alert_id
    from frozen
    where supersedes_alert_id is not null
),

ranked as (
    select
        *,
        row_number() over (partition by alert_id order by as_of_week desc, revision desc) as newness
    from frozen
    where alert_type <> 'retracted'
),

newest as (
    select
        {%- for name in alert_columns() if name != 'supersedes_alert_id' %}
        {{ name }},
        {%- endfor %}
        as_of_week
    from ranked
    where newness = 1
)

select
    newest.*,
    newest.as_of_week = week.as_of_week as is_of_this_week,
    taken_back.alert_id is not null as is_taken_back
from newest
left join taken_back on newest.alert_id = taken_back.alert_id
cross join {{ ref('asof_week') }} as week
