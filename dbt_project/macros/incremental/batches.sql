{#-
Decisions on parties come in batches of the registry (pipeline/entities); those that the tables do not have are pending, like
releases. A full refresh may build the tables as of an older batch: then the later ones stay pending, and the next night adds them.
-#}

{#- Number of the batch as of which a full refresh builds; empty for the newest. -#}
{% macro as_of_batch() %}
    {{- return(env_var('LEVERAGE_AS_OF_BATCH', '') if execute and flags.FULL_REFRESH else '') -}}
{% endmacro %}

{#- Filter: in an incremental build only the pending batches, as constants, so that the engine opens no other file. -#}
{% macro pending_batches() %}
    {{- built_after('int_changed_batch') -}}
    {%- if is_incremental() -%}
        {{- batch_list(ref('int_changed_batch')) -}}
    {%- else -%}
true
    {%- endif -%}
{% endmacro %}

{% macro batch_list(batches) %}
    {%- set numbers = run_query('select batch from ' ~ batches ~ ' order by 1').columns[0].values() if execute else [] -%}
    {%- if numbers | length == 0 -%}
false
    {%- else -%}
batch in ({{ numbers | join(', ') }})
    {%- endif -%}
{% endmacro %}

{#- Of the batches that have a row, the one whose row counts: the newest, or as of a batch; what came later as it came first. -#}
{% macro counting_batch() %}
    {%- set as_of = as_of_batch() -%}
    {%- if as_of -%}
coalesce(max(case when batch <= {{ as_of | int }} then batch end), min(batch))
    {%- else -%}
max(batch)
    {%- endif -%}
{% endmacro %}

{#- Records the batches as applied, in the transaction that records the releases. -#}
{% macro apply_batches() %}
insert into {{ ref('int_batch_applied') }} (batch)
select batch from {{ ref('int_changed_batch') }}
except
select batch from {{ ref('int_batch_applied') }}
{% endmacro %}
