{#-
Data tests that cost the night: while a build adds releases or decisions to others, a test with `where: changed_rows` reads only
the rows that this build rebuilds, those with a changed key of its model (`changed_by`, or `tested_by` where new rows are not in
that list). On a first build, after a full refresh and outside of a build it reads all rows.
-#}

{% macro get_where_subquery(relation) %}
    {%- set where = config.get('where') -%}
    {%- if where == 'changed_rows' -%}
        {{ return(changed_rows(relation)) }}
    {%- elif where -%}
        {{ return('(select * from ' ~ relation ~ ' where ' ~ where ~ ') as filtered') }}
    {%- endif -%}
    {{ return(relation) }}
{% endmacro %}

{% macro changed_rows(relation) %}
    {%- set settings = graph.nodes[model.attached_node].config if execute else {} -%}
    {%- set list = settings.get('tested_by') or settings.get('changed_by') -%}
    {%- if not list or not is_adding() -%}{{ return(relation) }}{%- endif -%}
    {%- set key = settings.get('tested_key') or settings.get('changed_key') -%}
    {{ return('(' ~ just_built(relation, as_built_before(list), key, settings.get('changed_from')) ~ ') as changed_rows') }}
{% endmacro %}

{#- Filter of a singular test: keys of a list in a build that adds, or all. -#}
{% macro changed_in_test(list, key) %}
    {%- if is_adding() -%}
{{ key }} in (select changed.{{ key }} from {{ as_built_before(list) }} as changed)
    {%- else -%}
true
    {%- endif -%}
{% endmacro %}

{#- Whether a build is running that adds pending releases, or pending decisions on parties, to applied ones. -#}
{% macro is_adding() %}
    {%- set releases = as_built_before('int_changed_release') -%}
    {%- set batches = as_built_before('int_changed_batch') -%}
    {%- set applied = as_built_before('int_release_applied') -%}
    {%- if releases is none or batches is none or applied is none or flags.FULL_REFRESH -%}{{ return(false) }}{%- endif -%}
    {{ return((not is_empty(releases) or not is_empty(batches)) and not is_empty(applied)) }}
{% endmacro %}
