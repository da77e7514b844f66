{#-
Tests cost the night.

While a build adds releases or decisions to others, a test with `where: tonight` looks only at the rows that this build makes anew: those with
a key of its model's queue (`touched_by`, or `tonight_by` where new rows are not in that queue). On a first build, after a full
refresh and outside of a build it looks at all rows.
-#}

{% macro get_where_subquery(relation) %}
    {%- set where = config.get('where') -%}
    {%- if where == 'tonight' -%}
        {{ return(rows_of_tonight(relation)) }}
    {%- elif where -%}
        {{ return('(select * from ' ~ relation ~ ' where ' ~ where ~ ') as filtered') }}
    {%- endif -%}
    {{ return(relation) }}
{% endmacro %}

{% macro rows_of_tonight(relation) %}
    {%- set settings = graph.nodes[model.attached_node].config if execute else {} -%}
    {%- set queue = settings.get('tonight_by') or settings.get('touched_by') -%}
    {%- if not queue or not is_adding() -%}{{ return(relation) }}{%- endif -%}
    {%- set keys = settings.get('tonight_key') or settings.get('touched_key') -%}
    {{ return('(' ~ just_built(relation, as_built_before(queue), keys, settings.get('touched_from')) ~ ') as tonight') }}
{% endmacro %}

{#- Filter of a singular test: keys of tonight's queue, or all. -#}
{% macro tonight(queue, key) %}
    {%- if is_adding() -%}
{{ key }} in (select queued.{{ key }} from {{ as_built_before(queue) }} as queued)
    {%- else -%}
true
    {%- endif -%}
{% endmacro %}

{#- Whether a build is going on that adds pending releases, or pending decisions on parties, to applied ones. -#}
{% macro is_adding() %}
    {%- set pending = as_built_before('queue_release') -%}
    {%- set decided = as_built_before('queue_batch') -%}
    {%- set applied = as_built_before('int_release_applied') -%}
    {%- if pending is none or decided is none or applied is none or flags.FULL_REFRESH -%}{{ return(false) }}{%- endif -%}
    {{ return(run_query(
        'select (exists (select 1 from ' ~ pending ~ ') or exists (select 1 from ' ~ decided ~ '))'
        ~ ' and exists (select 1 from ' ~ applied ~ ')'
    ).columns[0].values()[0]) }}
{% endmacro %}
