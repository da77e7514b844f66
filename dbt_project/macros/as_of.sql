{#-
A closed week as it was known at its cut-off.

`pipeline.warehouse.dbt_runner` passes the week, its Monday and its cut-off (a run date); they become the one row of `asof_week`. Records of
later run dates touch families of bills, the boxes that these share, and the bills that share those boxes: they are worked out anew by the
macros of the nightly models; all other bills are taken as they are. So the cost follows what came after the cut-off.
-#}

{#- The value of a variable that says as of when; a build without it would say nothing of no week. -#}
{% macro as_of_value(name) %}
    {%- set value = env_var(name, '') if execute else '' -%}
    {%- if execute and not value and flags.WHICH in ('build', 'run') -%}
        {{ exceptions.raise_compiler_error(name ~ ' is not set: weekly models are built by `leverage publish`') }}
    {%- endif -%}
    {{ return(value or none) }}
{% endmacro %}

{#- CTE body: rows of a nightly table whose key stands in a weekly queue. -#}
{% macro rows_in(relation, key, queue) %}
select * from {{ relation }}
    where {{ key }} in (select queued.{{ key }} from {{ queue }} as queued)
{%- endmacro %}

{#-
Frozen rows of a published table: those of all weeks and revisions, with `as_of_week` and `revision` from their path; typed and empty
where there is none.

Args:
    table: name of the file in a snapshot, such as fct_tier.
    columns: type of each column to read, by name; without it those of the model `table`.
-#}
{% macro frozen_rows(table, columns=none) %}
    {{- return(adapter.dispatch('frozen_rows')(table, columns or frozen_columns(table))) -}}
{% endmacro %}

{% macro frozen_columns(table) %}
    {%- set types = {} -%}
    {%- if execute -%}
        {%- set node = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model')
            | selectattr('name', 'equalto', table) | first -%}
        {%- for column in node.columns.values()
            if column.name not in ('as_of_week', 'revision') and not column.config.meta.get('filled_when_published') -%}
            {%- do types.update({column.name: column.data_type}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(types) }}
{% endmacro %}

{#- Columns that were renamed, with the names that older snapshots have them under (pipeline/warehouse/renamed_columns.py). -#}
{% macro former_names(table) %}
    {{- return({
        'fct_leverage_snapshot': {
            'supplier_substitutability': 'alpha', 'customer_substitutability': 'rho', 'other_customers_hhi': 'rho_hhi',
            'growth_ratio': 'g', 'contribution_supplier_share': 'contribution_x',
            'contribution_customer_substitutability': 'contribution_rho', 'contribution_buyer_share': 'contribution_s',
            'contribution_supplier_substitutability': 'contribution_alpha'
        },
        'fct_alternative': {'alternative_supplier_id': 'candidate_supplier_id'},
        'fct_alert': {'alternative_explanation_code': 'instead_code', 'alternative_explanation': 'instead'}
    }.get(table, {})) -}}
{% endmacro %}

{% macro duckdb__frozen_rows(table, columns) %}
    {%- set former = former_names(table) -%}
    {%- set types = {} -%}
    {%- for name, type in columns.items() -%}
        {%- do types.update({name: type}) -%}
        {%- if name in former -%}{%- do types.update({former[name]: type}) -%}{%- endif -%}
    {%- endfor -%}
    {%- set files = home() ~ '/snapshots/*/r*/' ~ table ~ '.parquet' -%}
    {%- if is_there(files) -%}
(
    select
        regexp_extract(filename, '([0-9]{4}-W[0-9]{2})/r[0-9]+/[^/]+$', 1) as as_of_week,
        cast(regexp_extract(filename, '/r([0-9]+)/[^/]+$', 1) as integer) as revision
        {%- for name, type in columns.items() %},
        cast({{ 'coalesce(' ~ name ~ ', ' ~ former[name] ~ ')' if name in former else name }} as {{ type }}) as {{ name }}
        {%- endfor %}
    from (
        select * from read_parquet('{{ files }}', filename = true, union_by_name = true, hive_partitioning = false)
        -- a column that no frozen file has reads as null
        union all by name
        select * from {{ no_rows(types) }}
    )
)
    {%- else -%}
        {%- set types = {'as_of_week': 'varchar', 'revision': 'integer'} -%}
        {%- do types.update(columns) -%}
{{ no_rows(types) }}
    {%- endif -%}
{% endmacro %}

{#- Cells that the text model gives to cargo texts without a code; typed and empty before it was trained. -#}
{% macro text_cell_rows() %}
    {%- set declared = source('weekly', 'text_cells') -%}
    {{- return(adapter.dispatch('text_cell_rows')()) -}}
{% endmacro %}

{% macro duckdb__text_cell_rows() %}
    {%- set file = home() ~ '/weekly/text_cells.parquet' -%}
    {%- if is_there(file) -%}
read_parquet('{{ file }}')
    {%- else -%}
{{ no_rows({'text_key': 'bigint', 'hs4': 'varchar', 'confidence': 'double'}) }}
    {%- endif -%}
{% endmacro %}

{#- Whether volume is told in TEU: where boxes of known size carry so large a part of the kilograms. -#}
{% macro is_in_teu(teu, weight_kg, sized_weight_kg) %}
coalesce({{ teu }}, 0) > 0 and coalesce({{ sized_weight_kg }}, 0) >= {{ sized_part_for_teu() }} * coalesce({{ weight_kg }}, 0)
{%- endmacro %}

{#- A volume in its unit, exact. -#}
{% macro unit_volume(is_in_teu, teu, weight_kg) %}
case when {{ is_in_teu }} then cast(coalesce({{ teu }}, 0) as decimal(20, 6)) else cast(coalesce({{ weight_kg }}, 0) as decimal(20, 6)) end
{%- endmacro %}

{#- One exact volume as a part of another; null where there is none of the other. -#}
{% macro share_of(part, whole) %}
cast({{ part }} as double) / cast(nullif({{ whole }}, 0) as double)
{%- endmacro %}

{#- Whether a share stands above a tier's cut, given the last tier. -#}
{% macro passes(last_tier, tier) %}
{%- set above = {'a': ['A'], 'b': ['A', 'B'], 'c': ['A', 'B', 'C']}[tier] -%}
pairs.share >= rules.tier_{{ tier }}_share * case
            when {{ last_tier }} is null then 1
            when {{ last_tier }} in ('{{ above | join("', '") }}') then 1 - rules.tier_hysteresis
            else 1 + rules.tier_hysteresis
        end
{%- endmacro %}

{#- Order of magnitude of a volume, such as 100-999. -#}
{% macro volume_band(volume) %}
case
    when {{ volume }} < 1 then 'under 1'
    else
        '1' || repeat('0', length(cast(floor({{ volume }}) as varchar)) - 1)
        || '-' || repeat('9', length(cast(floor({{ volume }}) as varchar)))
end
{%- endmacro %}
