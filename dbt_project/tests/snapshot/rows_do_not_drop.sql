{{ config(tags=['weekly']) }}

-- A week has about as many rows as the last frozen one: 51 of its 52 weeks are the same. Where the drop is real, lower
-- exit_least_rows; else releases are missing, or decisions on parties merged too much.

{%- set tables = ['tier', 'alternative', 'leverage_snapshot', 'consolidation'] %}

with last as (
    select frozen.as_of_week, frozen.revision
    from {{ source('earlier_snapshots', 'revisions') }} as frozen
    cross join {{ ref('asof_week') }} as week
    where frozen.as_of_week < week.as_of_week
    order by frozen.as_of_week desc, frozen.revision desc
    limit 1
),

counted as (
    {%- for table in tables %}
    select
        '{{ table }}' as counted_table,
        (
            select count(*)
            from {{ source('earlier_snapshots', 'fct_' ~ table) }} as frozen
            inner join last on frozen.as_of_week = last.as_of_week and frozen.revision = last.revision
        ) as rows_before,
        (select count(*) from {{ ref('snap_' ~ table) }}) as rows_now
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select *
from counted
where
    rows_before >= {{ threshold('exit_compared_rows') }}
    and rows_now < {{ threshold('exit_least_rows') }} * rows_before
