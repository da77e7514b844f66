{#-
Numbers that SQL needs as literals: window frames take no query, and nightly models read no weekly seed. All other thresholds are rows
of the seed `thresholds`. `pipeline.thresholds` reads both.
-#}

{#- A threshold of the seed, by name. -#}
{% macro threshold(name) -%}
(select thresholds.value from {{ ref('thresholds') }} as thresholds where thresholds.name = '{{ name }}')
{%- endmacro %}

{#- Kilograms of the largest cargo that one ship carries: 400,000 tons of ore. No bill weighs more. -#}
{% macro largest_weight_kg() %}400000000{% endmacro %}

{#- Closed weeks of a year of volumes, the last one the as-of week. -#}
{% macro weeks_of_year() %}52{% endmacro %}

{#- Growth is that of half a year over the half before. -#}
{% macro half_year_weeks() %}26{% endmacro %}

{#- A quarter is so many weeks in a row. -#}
{% macro quarter_weeks() %}13{% endmacro %}

{#- A buyer's second source is looked for in two years of its bills. -#}
{% macro second_source_weeks() %}104{% endmacro %}

{#- Capacity is the best quarter of three years. The longest look back of a measure. -#}
{% macro capacity_weeks() %}156{% endmacro %}

{#- Detection reads two and a half years of bills: two seasons and the windows before them. -#}
{% macro weeks_of_activity() %}130{% endmacro %}

{% macro months_of_year() %}12{% endmacro %}

{#- Volume is in TEU where containers of known size carry at least this part of the kilograms, else in kilograms. -#}
{% macro sized_part_for_teu() %}0.8{% endmacro %}

{#- Capacity is measured over a quarter, half a year or a year, by how often a supplier ships. -#}
{% macro capacity_windows() %}{{ return([quarter_weeks() | int, half_year_weeks() | int, weeks_of_year() | int]) }}{% endmacro %}

{#-
How often a code is right, as long as nothing was learned of its source and heading: a filer knows what it ships, a code that stands
in the text is the shipper's own, and of codes that a seller of records guessed, half named another heading than the goods did. A heading found by the names that the
Harmonised System gives to goods is right for two in five of the sample's texts.
-#}
{% macro code_reliability_declared() %}0.90{% endmacro %}
{% macro code_reliability_parsed() %}0.95{% endmacro %}
{% macro code_reliability_classified() %}0.50{% endmacro %}
{% macro code_reliability_named() %}0.40{% endmacro %}
