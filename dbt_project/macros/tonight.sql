{#-
Tests cost the night.

While a build has releases in hand, a test with `where: tonight` looks only at the rows that this build made anew, found by the
same queue and key as its model's. On a first build, after a full refresh and outside of a build it looks at all rows.
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
    {%- if not execute -%}{{ return(relation) }}{%- endif -%}
    {%- set node = graph.nodes[model.attached_node] -%}
    {%- set queue = queue_in_hand(node.config.get('touched_by')) -%}
    {%- if queue is none -%}{{ return(relation) }}{%- endif -%}
    {%- set rows -%}
(
        select built.*
        from {{ relation }} as built
        where exists (
            select 1
            from {{ queue }} as queued
            where {{ same_key(node.config.get('touched_key'), node.config.get('touched_from')) }}
        )
    ) as tonight
    {%- endset -%}
    {{ return(rows) }}
{% endmacro %}

{#- A queue's relation while releases are pending and it holds keys; none else. -#}
{% macro queue_in_hand(name) %}
    {%- if not execute or not name -%}{{ return(none) }}{%- endif -%}
    {%- set pending = as_built_before('queue_release') -%}
    {%- set queue = as_built_before(name) -%}
    {%- if pending is none or queue is none -%}{{ return(none) }}{%- endif -%}
    {%- set in_hand = run_query(
        'select exists (select 1 from ' ~ pending ~ ') and exists (select 1 from ' ~ queue ~ ')'
    ).columns[0].values()[0] -%}
    {{ return(queue if in_hand else none) }}
{% endmacro %}

{#- Filter of a singular test: keys of tonight's queue, or all. -#}
{% macro tonight(queue_name, key) %}
    {%- set queue = queue_in_hand(queue_name) -%}
    {%- if queue is none -%}
true
    {%- else -%}
{{ key }} in (select queued.{{ key }} from {{ queue }} as queued)
    {%- endif -%}
{% endmacro %}
