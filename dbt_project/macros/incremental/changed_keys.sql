{#- Incremental builds by changed keys; models/intermediate/changed/_changed.yml explains them. -#}

{#- Models that must be built before this one, whether or not its SQL reads them: dbt sees the calls of `ref` when it parses. -#}
{% macro built_after() %}
    {%- if not execute -%}
        {%- for name in varargs -%}{%- do ref(name) -%}{%- endfor -%}
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

{#- Filter: in an incremental build only changed keys. -#}
{% macro changed(list, key) %}
    {{- built_after(list) -}}
    {%- if not is_incremental() -%}
true
    {%- elif is_empty(ref(list)) -%}
false
    {%- elif key is string -%}
{{ key }} in (select changed.{{ key }} from {{ ref(list) }} as changed)
    {%- else -%}
({{ key | join(', ') }}) in (
    select {% for part in key %}changed.{{ part }}{{ ', ' if not loop.last }}{% endfor %}
    from {{ ref(list) }} as changed
)
    {%- endif -%}
{% endmacro %}

{#- Join: in an incremental build only rows of changed keys, from the first changed value of a column on. -#}
{% macro changed_from(list, key, from_column, alias) -%}
    {{- built_after(list) -}}
    {%- if is_incremental() -%}
inner join {{ changed_keys(ref(list), key, from_column) }} as changed on {{ same_key(key, from_column, alias) }}
    {%- endif -%}
{%- endmacro %}

{#- Whether a relation is empty: a filter that knows it spares the engine a scan. -#}
{% macro is_empty(relation) %}
    {%- if not execute -%}{{ return(false) }}{%- endif -%}
    {{ return(run_query('select 1 from ' ~ relation ~ ' limit 1').rows | length == 0) }}
{% endmacro %}

{#- In an incremental build the rows of a table that this build has rebuilt, by the same list and key; else all. -#}
{% macro rebuilt(relation, list, key) %}
    {{- built_after(list) -}}
    {%- if is_incremental() or model.config.materialized == 'table' -%}
({{ just_built(relation, ref(list), key) }})
    {%- else -%}
{{ relation }}
    {%- endif -%}
{% endmacro %}

{#-
Relation of the changed keys: the list itself, or, where rows are rebuilt from a changed value on, the first one of each key.
`key` is a column, a list of them, or a mapping from the columns of the table to those of the list.
-#}
{% macro changed_keys(list, key, from_column) %}
    {%- if not from_column -%}{{ return(list) }}{%- endif -%}
    {%- set columns = ([key] if key is string else key.values() if key is mapping else key) | join(', ') -%}
(select {{ columns }}, min({{ from_column }}) as {{ from_column }} from {{ list }} group by {{ columns }})
{%- endmacro %}

{#- Condition: a row has a changed key, and is at or after the changed value where one is given. -#}
{% macro same_key(key, from_column, alias='built') %}
    {%- set key = [key] if key is string else key -%}
    {%- for part in key -%}
        {{ alias }}.{{ part }} = changed.{{ key[part] if key is mapping else part }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
    {%- if from_column %} and {{ alias }}.{{ from_column }} >= changed.{{ from_column }}{% endif -%}
{% endmacro %}

{#-
Strategy `changed_keys`: delete the rows of the changed keys (`changed_by`, `changed_key`, `changed_from`) and insert the new ones.
Not dbt's delete+insert, which deletes by the keys of the new rows: a withdrawn record, a deleted bill or an entity merged into
another has none.
-#}
{% macro get_incremental_changed_keys_sql(arg_dict) %}
    {%- set target = arg_dict['target_relation'] -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    {%- set from_column = config.get('changed_from') %}
    delete from {{ target }} as built
    using {{ changed_keys(ref(config.get('changed_by')), config.get('changed_key'), from_column) }} as changed
    where {{ same_key(config.get('changed_key'), from_column) }};
    insert into {{ target }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }};
{% endmacro %}

{#- End of a list that is appended to: a run after a killed one adds only what is new. -#}
{% macro not_listed_yet() %}
    {%- if is_incremental() %}
except
select * from {{ this }}
    {%- endif -%}
{% endmacro %}

{#- Query: records that are in a changed family, or were. -#}
{% macro records_of_changed_families() -%}
select records.identifier
from {{ ref('int_record') }} as records
where records.family_key in (select changed.family_key from {{ ref('int_changed_family') }} as changed)
union
select changed.identifier
from {{ ref('int_changed_record') }} as changed
{%- endmacro %}

{#- Empties the lists; runs in the transaction that records the releases as applied. -#}
{% macro empty_changed() %}
    {%- for name in ['batch', 'container', 'name_variant', 'record', 'release', 'shipment'] %}
    delete from {{ ref('int_changed_' ~ name) }};
    {%- endfor %}
{% endmacro %}

{#- A full refresh first forgets what was applied: when it is killed, everything is still pending. -#}
{% macro forget_applied() %}
    {%- if execute and flags.FULL_REFRESH -%}
        {%- set applied = as_built_before('int_release_applied') -%}
        {%- if applied is not none -%}delete from {{ applied }}{%- endif -%}
    {%- endif -%}
{% endmacro %}
