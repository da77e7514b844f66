{#- What only the engine knows. A second engine overrides these by dispatch and nothing else. -#}

{% macro home() %}{{ return(env_var('LEVERAGE_HOME', '../data')) }}{% endmacro %}

{#- Rows of a raw table, all accepted releases, with `release_date`; typed and empty where none was ever delivered. -#}
{% macro raw_rows(table_name) %}
    {%- set declared = source('raw', table_name) -%}
    {{- return(adapter.dispatch('raw_rows')(table_name, declared)) -}}
{% endmacro %}

{% macro duckdb__raw_rows(table_name, declared) %}
    {%- set files = home() ~ '/raw/' ~ table_name ~ '/release_date=*/*.parquet' -%}
    {%- set delivered = false -%}
    {%- if execute -%}
        {%- set delivered = run_query("select count(*) from glob('" ~ files ~ "')").columns[0].values()[0] > 0 -%}
    {%- endif -%}
    {%- if delivered or not execute -%}
read_parquet('{{ files }}', hive_partitioning = true, hive_types = {'release_date': date}, union_by_name = false)
    {%- else -%}
        {%- set node = graph.sources.values() | selectattr('source_name', 'equalto', 'raw')
            | selectattr('name', 'equalto', table_name) | first -%}
(
    select
        {%- for column in node.columns.values() %}
        cast(null as {{ column.data_type }}) as {{ column.name }},
        {%- endfor %}
        cast(null as date) as release_date
    where false
)
    {%- endif -%}
{% endmacro %}

{#- The journal of release outcomes; typed and empty before the first run. -#}
{% macro outcome_rows() %}
    {%- set declared = source('state', 'release_outcomes') -%}
    {{- return(adapter.dispatch('outcome_rows')()) -}}
{% endmacro %}

{% macro duckdb__outcome_rows() %}
    {%- set journal = home() ~ '/state/release_outcomes.jsonl' -%}
    {%- set columns = {
        'seq': 'bigint', 'release_date': 'date', 'table_name': 'varchar', 'file_name': 'varchar', 'outcome': 'varchar',
        'rows_in': 'bigint', 'rows_loaded': 'bigint', 'rows_quarantined': 'bigint', 'bytes': 'bigint',
        'sha256': 'varchar', 'url': 'varchar', 'reason': 'varchar', 'finished_at': 'timestamptz', 'raw_version': 'varchar'
    } -%}
    {%- set present = execute and run_query("select count(*) from glob('" ~ journal ~ "')").columns[0].values()[0] > 0 -%}
    {%- if present -%}
read_json(
    '{{ journal }}', format = 'newline_delimited', ignore_errors = true,
    columns = { {%- for name, type in columns.items() %}{{ name }}: '{{ type }}'{{ ', ' if not loop.last }}{% endfor -%} }
)
    {%- else -%}
(
    select
        {%- for name, type in columns.items() %}
        cast(null as {{ type }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    where false
)
    {%- endif -%}
{% endmacro %}

{#- Rows of a table of the registry of parties, all batches, with `batch`; typed and empty before the first. -#}
{% macro party_rows(table_name) %}
    {%- set declared = source('parties', table_name) -%}
    {{- return(adapter.dispatch('party_rows')(table_name, declared)) -}}
{% endmacro %}

{% macro duckdb__party_rows(table_name, declared) %}
    {%- set files = home() ~ '/state/parties/batch=*/' ~ table_name ~ '.parquet' -%}
    {%- set written = false -%}
    {%- if execute -%}
        {%- set written = run_query("select count(*) from glob('" ~ files ~ "')").columns[0].values()[0] > 0 -%}
    {%- endif -%}
    {%- if written or not execute -%}
read_parquet('{{ files }}', hive_partitioning = true, hive_types = {'batch': bigint}, union_by_name = false)
    {%- else -%}
        {%- set node = graph.sources.values() | selectattr('source_name', 'equalto', 'parties')
            | selectattr('name', 'equalto', table_name) | first -%}
(
    select
        {%- for column in node.columns.values() %}
        cast(null as {{ column.data_type }}) as {{ column.name }},
        {%- endfor %}
        cast(null as bigint) as batch
    where false
)
    {%- endif -%}
{% endmacro %}

{#- The numbers of the batches, from the names of their folders alone: a batch that has its last file is whole. -#}
{% macro party_batches() %}
    {%- set declared = source('parties', 'batches') -%}
    {{- return(adapter.dispatch('party_batches')()) -}}
{% endmacro %}

{% macro duckdb__party_batches() %}
(
    select cast(regexp_extract(file, 'batch=([0-9]+)/batch[.]json$', 1) as bigint) as batch
    from glob('{{ home() }}/state/parties/batch=*/batch.json')
)
{% endmacro %}

{#-
Rows of a table with a queued key, of a table that this build has just made them anew: they lie together at its end, which the
engine sees from their row numbers but not from keys that are scattered over the table.
-#}
{% macro just_built(relation, queue, keys, from_column=none) %}
    {{- return(adapter.dispatch('just_built')(relation, queue, keys, from_column)) -}}
{% endmacro %}

{% macro default__just_built(relation, queue, keys, from_column) %}
select built.*
from {{ relation }} as built
inner join {{ queue }} as queued on {{ same_key(keys, from_column) }}
{% endmacro %}

{% macro duckdb__just_built(relation, queue, keys, from_column) %}
select *
from {{ relation }}
where rowid in (
    select built.rowid
    from {{ relation }} as built
    inner join {{ queue }} as queued on {{ same_key(keys, from_column) }}
)
{% endmacro %}

{#- 32 hex digits that identify a text. -#}
{% macro digest(text) %}{{ return(adapter.dispatch('digest')(text)) }}{% endmacro %}
{% macro default__digest(text) %}md5({{ text }}){% endmacro %}

{#- A text as one whole number, for keys inside the warehouse: eight bytes join and scan several times as fast as a text. -#}
{% macro key_of(text) %}{{ return(adapter.dispatch('key_of')(text)) }}{% endmacro %}
{% macro duckdb__key_of(text) %}cast(md5_number_lower({{ text }}) >> 1 as bigint){% endmacro %}

{#- All matches of the first group of a pattern, as an array. -#}
{% macro all_matches(text, pattern) %}{{ return(adapter.dispatch('all_matches')(text, pattern)) }}{% endmacro %}
{% macro duckdb__all_matches(text, pattern) %}regexp_extract_all({{ text }}, '{{ pattern }}', 1){% endmacro %}

{% macro split_on(text, pattern) %}{{ return(adapter.dispatch('split_on')(text, pattern)) }}{% endmacro %}
{% macro duckdb__split_on(text, pattern) %}string_split_regex({{ text }}, '{{ pattern }}'){% endmacro %}

{% macro replace_all(text, pattern, by) %}{{ return(adapter.dispatch('replace_all')(text, pattern, by)) }}{% endmacro %}
{% macro duckdb__replace_all(text, pattern, by) %}regexp_replace({{ text }}, '{{ pattern }}', '{{ by }}', 'g'){% endmacro %}

{% macro matches(text, pattern) %}{{ return(adapter.dispatch('matches')(text, pattern)) }}{% endmacro %}
{% macro duckdb__matches(text, pattern) %}regexp_matches({{ text }}, '{{ pattern }}'){% endmacro %}

{#- Monday of a date's ISO week. -#}
{% macro week_start(day) %}{{ return(adapter.dispatch('week_start')(day)) }}{% endmacro %}
{% macro default__week_start(day) %}cast(date_trunc('week', {{ day }}) as date){% endmacro %}

{% macro days_between(earlier, later) %}{{ return(adapter.dispatch('days_between')(earlier, later)) }}{% endmacro %}
{% macro duckdb__days_between(earlier, later) %}date_diff('day', {{ earlier }}, {{ later }}){% endmacro %}

{% macro add_days(day, days) %}{{ return(adapter.dispatch('add_days')(day, days)) }}{% endmacro %}
{% macro duckdb__add_days(day, days) %}({{ day }} + {{ days }}){% endmacro %}

{#- Ordinal of a week: 0 is the one of Monday 5 January 1970. -#}
{% macro week_number(monday) %}cast({{ days_between("date '1970-01-05'", monday) }} / 7 as integer){% endmacro %}

{#- Nearest-rank quantile of a group or window. -#}
{% macro quantile_of(number, quantile) %}{{ return(adapter.dispatch('quantile_of')(number, quantile)) }}{% endmacro %}
{% macro duckdb__quantile_of(number, quantile) %}quantile_disc({{ number }}, {{ quantile }}){% endmacro %}

{#- A number in 0..1 for a whole number, evenly spread and the same in every run. -#}
{% macro uniform_of(number) %}{{ return(adapter.dispatch('uniform_of')(number)) }}{% endmacro %}
{% macro duckdb__uniform_of(number) %}{{ key_of('cast(' ~ number ~ ' as varchar)') }} / 9223372036854775808{% endmacro %}

{#- Different words of letters in a text, in capitals, as an array: no figures, no marks that hide personal data, nobody's name after ATTN. -#}
{% macro words_of(text) %}{{ return(adapter.dispatch('words_of')(text)) }}{% endmacro %}
{% macro duckdb__words_of(text) %}list_distinct(regexp_extract_all(upper(regexp_replace({{ text }}, '(?i)\[[a-z ]+\]|\b(?:ATTN|ATTENTION|MRS?|MISS)\b[ .:]*\pL*(?: \pL+)?|\b\pL*[0-9][\pL0-9]*', ' ', 'g')), '\pL{3,}')){% endmacro %}

{#- An array of the values that are known, in order. -#}
{% macro in_order_without_nulls(values) %}{{ return(adapter.dispatch('in_order_without_nulls')(values)) }}{% endmacro %}
{% macro duckdb__in_order_without_nulls(values) %}list_sort(list_filter([{{ values | join(', ') }}], lambda entry: entry is not null)){% endmacro %}

{#- One row for each entry of an array. -#}
{% macro unnested(array) %}{{ return(adapter.dispatch('unnested')(array)) }}{% endmacro %}
{% macro duckdb__unnested(array) %}unnest({{ array }}){% endmacro %}

{#- First group of a pattern's first match; empty text where none. -#}
{% macro first_match(text, pattern) %}{{ return(adapter.dispatch('first_match')(text, pattern)) }}{% endmacro %}
{% macro duckdb__first_match(text, pattern) %}regexp_extract({{ text }}, '{{ pattern }}', 1){% endmacro %}

{#- Of a group, the value of the row that comes first among those that have one. -#}
{% macro first_known(value, order) %}{{ return(adapter.dispatch('first_known')(value, order)) }}{% endmacro %}
{% macro default__first_known(value, order) %}min_by({{ value }}, case when {{ value }} is not null then {{ order }} end){% endmacro %}
