{#-
Published weekly tables: projections of the frozen snapshots, with the columns of their contracts. A full refresh reads the same files
and gives the same rows.
-#}

{#- Rows of the newest revision of each week. -#}
{% macro newest_frozen(table) %}
with frozen as (
    select * from {{ source('snapshots', table) }}
),

revisions as (
    select * from {{ source('snapshots', 'revisions') }}
),

newest as (
    select as_of_week, max(revision) as revision
    from revisions
    group by as_of_week
)

select {{ frozen_columns('frozen.') }}
from frozen
inner join newest on frozen.as_of_week = newest.as_of_week and frozen.revision = newest.revision
{% endmacro %}

{#- Rows of all revisions of each week. -#}
{% macro all_frozen(table) %}
with frozen as (
    select * from {{ source('snapshots', table) }}
)

select {{ frozen_columns() }}
from frozen
{% endmacro %}

{#- The columns of the model's contract; null where it is a text for people, which the BI copy gets when it is published
(`where_missing`: earlier weeks have it). -#}
{% macro frozen_columns(prefix='') %}
    {%- for column in model.columns.values() %}
    {% if column.config.meta.get('filled_when_published') is sameas true -%}
    cast(null as {{ column.data_type }}) as {{ column.name }}
    {%- else -%}
    {{ prefix }}{{ column.name }}
    {%- endif %}{{ ',' if not loop.last }}
    {%- endfor %}
{% endmacro %}
