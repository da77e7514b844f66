{#- Filter: in an incremental build only the pending releases, as constants, so that the engine opens no other file. -#}
{% macro pending_releases(column='release_date') %}
    {{- built_after('int_changed_release') -}}
    {%- if is_incremental() -%}
        {{- pending_list(ref('int_changed_release'), column) -}}
    {%- else -%}
true
    {%- endif -%}
{% endmacro %}

{% macro pending_list(releases, column) %}
    {%- set days = run_query('select release_date from ' ~ releases ~ ' order by 1').columns[0].values() if execute else [] -%}
    {%- if days | length == 0 -%}
false
    {%- else -%}
{{ column }} in ({% for day in days %}date '{{ day }}'{{ ', ' if not loop.last }}{% endfor %})
    {%- endif -%}
{% endmacro %}
