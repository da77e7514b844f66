{#-
How a night costs a night: work queues.

A release whose accepted version differs from the applied one is pending. From it follow, level by level, the keys that it
touches: records, families of bills, boxes, shipments, pair-weeks, spellings. A table of facts deletes the rows of its touched
keys and inserts them anew; a first build or a full refresh reads everything and needs no queue.

Two kinds of tables hold the keys (models/intermediate/queue):
* `queue_...`: what can only be known before a table changes, how things stood. It is filled before that table is built, only
  grows while work is pending, and is emptied in the same transaction that records the releases as applied. So a run that is
  killed anywhere leaves its queues, and the next run does the rest.
* `touched_...`: the queue together with how things stand now, worked out anew in every run.

The order is that of the graph: a queue reads the table of its level as it was built before (`as_built_before`, no dependency),
and that table says that it is built after the queue (`built_after`).
A changed rule or seed touches nothing by itself: it takes a full refresh.
-#}

{#-
Models that must be built before this one, though its SQL does not always read them: dbt sees the calls of `ref` when it parses.
-#}
{% macro built_after() %}
    {%- if not execute -%}
        {%- for name in varargs -%}{%- do ref(name) -%}{%- endfor -%}
    {%- endif -%}
{% endmacro %}

{#- Filter: in an incremental build only queued keys. -#}
{% macro touched(queue, keys) %}
    {{- built_after(queue) -}}
    {%- set keys = [keys] if keys is string else keys -%}
    {%- if not is_incremental() -%}
true
    {%- elif is_empty(ref(queue)) -%}
false
    {%- elif keys | length == 1 -%}
{{ keys[0] }} in (select queued.{{ keys[0] }} from {{ ref(queue) }} as queued)
    {%- else -%}
({{ keys | join(', ') }}) in (
    select {% for key in keys %}queued.{{ key }}{{ ', ' if not loop.last }}{% endfor %}
    from {{ ref(queue) }} as queued
)
    {%- endif -%}
{% endmacro %}

{#- Whether nothing is queued: a filter that says so beforehand spares the engine a scan. -#}
{% macro is_empty(relation) %}
    {%- if not execute -%}{{ return(false) }}{%- endif -%}
    {{ return(not run_query('select exists (from ' ~ relation ~ ')').columns[0].values()[0]) }}
{% endmacro %}

{#- In an incremental build the rows of a table that this build has made anew, by the same queue and keys; else all. -#}
{% macro rebuilt(relation, queue, keys) %}
    {{- built_after(queue) -}}
    {%- if is_incremental() or model.config.materialized == 'table' -%}
({{ just_built(relation, ref(queue), keys) }})
    {%- else -%}
{{ relation }}
    {%- endif -%}
{% endmacro %}

{#- Join: in an incremental build only rows of queued keys, from the queued value on. -#}
{% macro touched_from(queue, keys, from_column, alias) -%}
    {{- built_after(queue) -}}
    {%- if is_incremental() -%}
inner join {{ ref(queue) }} as queued on {{ same_key(keys, from_column, alias) }}
    {%- endif -%}
{%- endmacro %}

{#- Filter: in an incremental build only the pending releases, as constants, so that the engine opens no other file. -#}
{% macro pending_releases(column='release_date') %}
    {{- built_after('queue_release') -}}
    {%- if is_incremental() -%}
        {{- pending_list(ref('queue_release'), column) -}}
    {%- else -%}
true
    {%- endif -%}
{% endmacro %}

{% macro pending_list(queue, column) %}
    {%- set days = run_query('select release_date from ' ~ queue ~ ' order by 1').columns[0].values() if execute else [] -%}
    {%- if days | length == 0 -%}
false
    {%- else -%}
{{ column }} in ({% for day in days %}date '{{ day }}'{{ ', ' if not loop.last }}{% endfor %})
    {%- endif -%}
{% endmacro %}

{#- A table as it was before this build, or none; no dependency, since its model comes later in the graph. -#}
{% macro as_built_before(name) %}
    {%- if execute -%}
        {%- set node = graph.nodes['model.' ~ project_name ~ '.' ~ name] -%}
        {{ return(adapter.get_relation(database=node.database, schema=node.schema, identifier=node.alias)) }}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}

{#-
Strategy of the fact tables: delete the queued keys, insert their rows.
`touched_key` names the key columns, or maps them to those of the queue; with `touched_from` all rows of a key from the queued
value on are built anew.
-#}
{% macro get_incremental_touched_sql(arg_dict) %}
    {%- set target = arg_dict['target_relation'] -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') %}
    delete from {{ target }} as built
    using {{ ref(config.get('touched_by')) }} as queued
    where {{ same_key(config.get('touched_key'), config.get('touched_from')) }};
    insert into {{ target }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }};
{% endmacro %}

{#- Condition: a row has a queued key, and stands at or after the queued value where one is given. -#}
{% macro same_key(keys, from_column, alias='built') %}
    {%- set keys = [keys] if keys is string else keys -%}
    {%- for key in keys -%}
        {{ alias }}.{{ key }} = queued.{{ keys[key] if keys is mapping else key }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
    {%- if from_column %} and {{ alias }}.{{ from_column }} >= queued.{{ from_column }}{% endif -%}
{% endmacro %}

{#- Strategy of the queues: add the keys that are not queued yet. -#}
{% macro get_incremental_enqueue_sql(arg_dict) %}
    {%- set target = arg_dict['target_relation'] -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    insert into {{ target }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
    except
    select {{ columns }} from {{ target }};
{% endmacro %}

{#- Empties the queues; runs in the transaction that records the releases as applied. -#}
{% macro empty_queues() %}
    {%- for name in [
        'batch', 'box', 'decision', 'family', 'pair_week', 'record', 'release', 'shipment', 'spelling'
    ] %}
    delete from {{ ref('queue_' ~ name) }};
    {%- endfor %}
{% endmacro %}

{#- A full refresh first forgets what was applied: when it is killed, everything is still pending. -#}
{% macro forget_applied() %}
    {%- if execute and flags.FULL_REFRESH -%}
        {%- set applied = as_built_before('int_release_applied') -%}
        {%- if applied is not none -%}delete from {{ applied }}{%- endif -%}
    {%- endif -%}
{% endmacro %}
