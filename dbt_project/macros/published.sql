{#-
Published weekly tables: projections of the frozen snapshots, with the columns of their contracts. A full refresh reads the same files
and gives the same rows.
-#}

{#- Rows of the newest revision of each week. -#}
{% macro newest_frozen(table) %}
-- depends_on: {{ source('snapshots', table) }}
with frozen as (
    select * from {{ frozen_rows(table) }}
),

revisions as (
    select * from {{ frozen_revisions() }}
),

newest as (
    select as_of_week, max(revision) as revision
    from revisions
    group by as_of_week
)

select
    {%- for column in model.columns.values() %}
    {{ frozen_column(column, 'frozen.') }}{{ ',' if not loop.last }}
    {%- endfor %}
from frozen
inner join newest on frozen.as_of_week = newest.as_of_week and frozen.revision = newest.revision
{% endmacro %}

{#- Rows of all revisions of each week. -#}
{% macro all_frozen(table) %}
-- depends_on: {{ source('snapshots', table) }}
with frozen as (
    select * from {{ frozen_rows(table, frozen_columns(model.name)) }}
)

select
    {%- for column in model.columns.values() %}
    {{ frozen_column(column) }}{{ ',' if not loop.last }}
    {%- endfor %}
from frozen
{% endmacro %}

{#- A column of a frozen table; null where it is a text for people, which the BI copy gets when it is published. -#}
{% macro frozen_column(column, prefix='') %}
    {%- if column.config.meta.get('filled_when_published') -%}
cast(null as {{ column.data_type }}) as {{ column.name }}
    {%- else -%}
{{ prefix }}{{ column.name }}
    {%- endif -%}
{% endmacro %}

{#- Weeks and revisions that are frozen, from the names of their folders alone: one without any row counts too; those with one file. -#}
{% macro frozen_revisions(file='manifest.json') %}{{ return(adapter.dispatch('frozen_revisions')(file)) }}{% endmacro %}

{% macro duckdb__frozen_revisions(file) %}
(
    select
        regexp_extract(file, '([0-9]{4}-W[0-9]{2})/r[0-9]+/[^/]+$', 1) as as_of_week,
        cast(regexp_extract(file, '/r([0-9]+)/[^/]+$', 1) as integer) as revision
    from glob('{{ home() }}/snapshots/*/r*/{{ file }}')
)
{% endmacro %}

{#- The journal of published weeks; typed and empty before the first. -#}
{% macro publish_rows() %}
    {%- set declared = source('state', 'publishes') -%}
    {{- return(adapter.dispatch('publish_rows')()) -}}
{% endmacro %}

{% macro duckdb__publish_rows() %}
    {{- journal_rows('publishes', {
        'event': 'varchar', 'as_of_week': 'varchar', 'revision': 'integer', 'published_at': 'timestamptz',
        'newest_release_date': 'date', 'closed_through_date': 'date', 'er_version': 'varchar', 'ruleset_version': 'varchar',
        'code_version': 'varchar', 'reason': 'varchar'
    }) -}}
{% endmacro %}

{#- The journal of states of alerts, in its order; typed and empty before the first. -#}
{% macro alert_state_rows() %}
    {%- set declared = source('state', 'alert_states') -%}
    {{- return(adapter.dispatch('alert_state_rows')()) -}}
{% endmacro %}

{% macro duckdb__alert_state_rows() %}
    {{- journal_rows('alert_states', {
        'seq': 'bigint', 'alert_id': 'varchar', 'status': 'varchar', 'snoozed_until': 'date', 'reason': 'varchar',
        'who': 'varchar', 'moved_at': 'timestamptz'
    }) -}}
{% endmacro %}
