{#- A word of a code column in the form of the seeds: capitals, single blanks, no point at its end. -#}
{% macro code_word(text) -%}
trim({{ replace_all('upper(' ~ text ~ ')', '[[:space:].]+', ' ') }})
{%- endmacro %}

{#-
Kilograms of a weight in its unit; null where the unit is unknown, or where the file claims more than the largest ship carries
(some 400,000 tons; the line is a million). The product is taken wide: 50,000 tons of bulk with nine decimals need 20 digits.
-#}
{% macro kilograms(weight, kg_per_unit) %}
case
    when cast({{ weight }} as decimal(38, 3)) * {{ kg_per_unit }} <= 1000000000
        then cast(cast({{ weight }} as decimal(38, 3)) * {{ kg_per_unit }} as decimal(18, 3))
end
{%- endmacro %}
