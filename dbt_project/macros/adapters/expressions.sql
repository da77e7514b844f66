{#- Expressions that engines spell differently. A second engine overrides these by dispatch and nothing else. -#}

{#-
Query: rows with a changed key of a table that this build has just made. They are together at its end, which DuckDB sees from
their row numbers but not from keys that are scattered over the table.
-#}
{% macro just_built(relation, list, key, from_column=none) %}
    {{- return(adapter.dispatch('just_built')(relation, list, key, from_column)) -}}
{% endmacro %}

{% macro default__just_built(relation, list, key, from_column) %}
select built.*
from {{ relation }} as built
where exists (select 1 from {{ changed_keys(list, key, from_column) }} as changed where {{ same_key(key, from_column) }})
{% endmacro %}

{% macro duckdb__just_built(relation, list, key, from_column) %}
select *
from {{ relation }}
where rowid in (
    select built.rowid
    from {{ relation }} as built
    inner join {{ changed_keys(list, key, from_column) }} as changed on {{ same_key(key, from_column) }}
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

{% macro replace_first(text, pattern, by) %}{{ return(adapter.dispatch('replace_first')(text, pattern, by)) }}{% endmacro %}
{% macro duckdb__replace_first(text, pattern, by) %}regexp_replace({{ text }}, '{{ pattern }}', '{{ by }}'){% endmacro %}

{% macro matches(text, pattern) %}{{ return(adapter.dispatch('matches')(text, pattern)) }}{% endmacro %}
{% macro duckdb__matches(text, pattern) %}regexp_matches({{ text }}, '{{ pattern }}'){% endmacro %}

{% macro without_accents(text) %}{{ return(adapter.dispatch('without_accents')(text)) }}{% endmacro %}
{% macro duckdb__without_accents(text) %}strip_accents({{ text }}){% endmacro %}

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

{#- Aggregate: an array of values in an order. -#}
{% macro ordered_array(value, order) %}{{ return(adapter.dispatch('ordered_array')(value, order)) }}{% endmacro %}
{% macro duckdb__ordered_array(value, order) %}array_agg({{ value }} order by {{ order }}){% endmacro %}

{#- One row for each entry of an array. -#}
{% macro unnested(array) %}{{ return(adapter.dispatch('unnested')(array)) }}{% endmacro %}
{% macro duckdb__unnested(array) %}unnest({{ array }}){% endmacro %}

{#- First group of a pattern's first match; empty text where none. -#}
{% macro first_match(text, pattern) %}{{ return(adapter.dispatch('first_match')(text, pattern)) }}{% endmacro %}
{% macro duckdb__first_match(text, pattern) %}regexp_extract({{ text }}, '{{ pattern }}', 1){% endmacro %}

{#- Of a group, the value of the row that comes first among those that have one. -#}
{% macro first_known(value, order) %}{{ return(adapter.dispatch('first_known')(value, order)) }}{% endmacro %}
{% macro default__first_known(value, order) %}min_by({{ value }}, case when {{ value }} is not null then {{ order }} end){% endmacro %}

{#- Monday of an ISO week given as text, such as 2026-W46. -#}
{% macro monday_of_week(text) %}{{ return(adapter.dispatch('monday_of_week')(text)) }}{% endmacro %}
{% macro duckdb__monday_of_week(text) %}cast(strptime({{ text }} || '-1', '%G-W%V-%u') as date){% endmacro %}

{#- How like two texts are, 0 to 1: the order of letters counts, most of all at the beginning (Jaro and Winkler). -#}
{% macro likeness_of(one, other) %}{{ return(adapter.dispatch('likeness_of')(one, other)) }}{% endmacro %}
{% macro duckdb__likeness_of(one, other) %}jaro_winkler_similarity({{ one }}, {{ other }}){% endmacro %}

{#- SHA-256 of a text, 64 hex digits. -#}
{% macro sha256_of(text) %}{{ return(adapter.dispatch('sha256_of')(text)) }}{% endmacro %}
{% macro duckdb__sha256_of(text) %}sha256({{ text }}){% endmacro %}

{#- ISO week of a Monday as text, such as 2026-W46; a day as text, such as 2026-11-09. -#}
{% macro week_text(monday) %}{{ return(adapter.dispatch('week_text')(monday)) }}{% endmacro %}
{% macro duckdb__week_text(monday) %}strftime({{ monday }}, '%G-W%V'){% endmacro %}
{% macro day_text(day) %}{{ return(adapter.dispatch('day_text')(day)) }}{% endmacro %}
{% macro duckdb__day_text(day) %}strftime({{ day }}, '%Y-%m-%d'){% endmacro %}

{#- Texts, each on a line of its own. -#}
{% macro joined_lines(texts) %}{{ return(adapter.dispatch('joined_lines')(texts)) }}{% endmacro %}
{% macro duckdb__joined_lines(texts) %}concat_ws(chr(10), {{ texts | join(', ') }}){% endmacro %}

{#- A JSON object as text, its names in the order given. -#}
{% macro json_of(values) %}{{ return(adapter.dispatch('json_of')(values)) }}{% endmacro %}
{% macro duckdb__json_of(values) %}
cast(json_object({% for name, value in values.items() %}'{{ name }}', {{ value }}{{ ', ' if not loop.last }}{% endfor %}) as varchar)
{%- endmacro %}

{#- The day of today, where a state ends by date. -#}
{% macro today() %}{{ return(adapter.dispatch('today')()) }}{% endmacro %}
{% macro duckdb__today() %}current_date{% endmacro %}

{#- Between the name of a CTE and its query: the CTE is computed once, as it is, and not merged with what reads it. -#}
{% macro as_materialized() %}{{ return(adapter.dispatch('as_materialized')()) }}{% endmacro %}
{% macro default__as_materialized() %}as{% endmacro %}
{% macro duckdb__as_materialized() %}as materialized{% endmacro %}

{#- Join: of the rows of `other` with the keys of a row, the one with the least `bound` at or above the row's `value`. -#}
{% macro join_next(relation, other, keys, value, bound) %}
    {{- return(adapter.dispatch('join_next')(relation, other, keys, value, bound)) -}}
{% endmacro %}

{% macro duckdb__join_next(relation, other, keys, value, bound) -%}
asof inner join {{ other }}
        on
            {%- for key in keys %}
            {{ relation }}.{{ key }} = {{ other }}.{{ key }} and
            {%- endfor %}
            {{ relation }}.{{ value }} <= {{ other }}.{{ bound }}
{%- endmacro %}

{#- Whether a relation has a column. Not the adapter's own list of columns: it does not quote a file's name with an apostrophe. -#}
{% macro has_column(relation, name) %}{{ return(adapter.dispatch('has_column')(relation, name)) }}{% endmacro %}
{% macro duckdb__has_column(relation, name) %}
    {%- set found -%}
select 1 from duckdb_columns() where schema_name = '{{ relation.schema }}' and table_name = '{{ relation.identifier }}' and column_name = '{{ name }}'
    {%- endset -%}
    {{ return(run_query(found).rows | length > 0) }}
{% endmacro %}
