{#- What is between the words of a code column. -#}
{% macro code_word_breaks() %}[[:space:].*"()_-]+{% endmacro %}

{#- A word of a code column in the form of the seeds: capitals, single blanks, no point at its end. -#}
{% macro code_word(text) -%}
trim({{ replace_all('upper(' ~ text ~ ')', code_word_breaks(), ' ') }})
{%- endmacro %}

{#-
Kilograms of a weight in its unit; null where the unit is unknown, and where the file claims less than nothing or more than the
largest ship carries. The product is taken wide: 50,000 tons of bulk with nine decimals need 20 digits.
-#}
{% macro kilograms(weight, kg_per_unit) %}
case
    when cast({{ weight }} as decimal(38, 3)) * {{ kg_per_unit }} between 0 and {{ largest_weight_kg() }}
        then cast(cast({{ weight }} as decimal(38, 3)) * {{ kg_per_unit }} as decimal(18, 3))
end
{%- endmacro %}

{#- Whether a bill's weight counts, and why not: columns of a shipment. -#}
{% macro weight_status() -%}
case
    when coalesce(weight_raw, 0) = 0 then 'missing'
    when weight_kg is not null then 'ok'
    when {{ code_word('weight_unit') }} in (select units.weight_unit from {{ ref('weight_units') }} as units) then 'implausible'
    else 'unit_unknown'
end
{%- endmacro %}
