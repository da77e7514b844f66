{#-
A closed week as it was known at its cut-off.

`pipeline.warehouse.dbt_runner` passes the week, its Monday and its cut-off (a run date); they become the one row of `asof_week`. Records of
later run dates touch families of bills, the containers that these share, and the bills that share those containers: they are worked out anew by the
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

{#- Whether volume is measured in TEU: where containers of known size carry so large a part of the kilograms. -#}
{% macro is_in_teu(teu, weight_kg, sized_weight_kg) %}
coalesce({{ teu }}, 0) > 0 and coalesce({{ sized_weight_kg }}, 0) >= {{ sized_part_for_teu() }} * coalesce({{ weight_kg }}, 0)
{%- endmacro %}

{#- An exact sum rounded to six digits. DuckDB divides decimals of 128 bits forty times slower than those of 64, in which
    most sums fit: the digits after the point are those of a volume times a fraction. -#}
{% macro rounded_teu(teu) %}{{ return(rounded_volume(teu, 12)) }}{% endmacro %}
{% macro rounded_kg(weight_kg) %}{{ return(rounded_volume(weight_kg, 9)) }}{% endmacro %}
{% macro rounded_volume(volume, digits) %}
{%- set most = 10 ** (18 - digits) -%}
case
    when {{ volume }} > -{{ most }} and {{ volume }} < {{ most }}
        then cast(cast({{ volume }} as decimal(18, {{ digits }})) as decimal(20, 6))
    else cast({{ volume }} as decimal(20, 6))
end
{%- endmacro %}

{#- A volume in its unit, exact. -#}
{% macro unit_volume(is_in_teu, teu, weight_kg) %}
case when {{ is_in_teu }} then coalesce({{ rounded_teu(teu) }}, 0) else coalesce({{ rounded_kg(weight_kg) }}, 0) end
{%- endmacro %}

{#- The square of a volume of one week, exact. -#}
{% macro squared(volume) %}
({{ rounded_volume(volume, 9 if 'kg' in volume else 12) }}) * ({{ rounded_volume(volume, 9 if 'kg' in volume else 12) }})
{%- endmacro %}

{#- A sum of squares in the unit of its volumes, exact. -#}
{% macro unit_squares(is_in_teu, teu_squares, kg_squares) %}
case when {{ is_in_teu }} then coalesce({{ teu_squares }}, 0) else coalesce({{ kg_squares }}, 0) end
{%- endmacro %}

{#- Independent shipments that a volume is worth: its square over the squares of its parts (Kish); null without volume. -#}
{% macro effective_shipments(volume, squares) %}
cast({{ volume }} as double) * cast({{ volume }} as double) / cast(nullif({{ squares }}, 0) as double)
{%- endmacro %}

{#- One exact volume as a part of another; null where there is none of the other. -#}
{% macro share_of(part, whole) %}
cast({{ part }} as double) / cast(nullif({{ whole }}, 0) as double)
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
