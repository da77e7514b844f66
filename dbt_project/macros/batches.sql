{#-
How decisions on parties reach the tables.

The registry of parties (pipeline/parties) adds batches; those that the tables do not hold are pending, like releases. A pending
batch touches the spellings that it decides and the entities that it names; shipments only where what they show has moved.
A full refresh may hold the tables as of an older batch: then the later ones stay pending, and the next night moves forward.
-#}

{#- Number of the batch as of which a full refresh builds; empty for the newest. -#}
{% macro as_of_batch() %}
    {{- return(env_var('LEVERAGE_AS_OF_BATCH', '') if execute and flags.FULL_REFRESH else '') -}}
{% endmacro %}

{#- Filter: in an incremental build only the pending batches, as constants, so that the engine opens no other file. -#}
{% macro pending_batches() %}
    {{- built_after('queue_batch') -}}
    {%- if is_incremental() -%}
        {{- batch_list(ref('queue_batch')) -}}
    {%- else -%}
true
    {%- endif -%}
{% endmacro %}

{% macro batch_list(queue) %}
    {%- set numbers = run_query('select batch from ' ~ queue ~ ' order by 1').columns[0].values() if execute else [] -%}
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
select batch from {{ ref('queue_batch') }}
except
select batch from {{ ref('int_batch_applied') }}
{% endmacro %}
