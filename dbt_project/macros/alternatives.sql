{#- What the models of alternatives share. -#}

{#- Words of a buyer that are looked for in suppliers' texts. -#}
{% macro words_of_buyer() %}3{% endmacro %}

{#- Places to look in, as whole numbers: anywhere, a country, a city in a country; null where that is not known. -#}
{% macro anywhere() %}cast(0 as bigint){% endmacro %}
{% macro country_location(country_code) %}{{ return(key_of(country_code)) }}{% endmacro %}
{% macro city_location(country_code, city) %}{{ return(key_of(country_code ~ " || '|' || " ~ city)) }}{% endmacro %}

{#- How well a buyer could do without a supplier: A / (A + 2) of the alternatives, halved where A is `half`. -#}
{% macro substitutability(alternatives, half) %}
cast({{ alternatives }} as double) / cast(({{ alternatives }}) + {{ half }} as double)
{%- endmacro %}

{#- What is seen of a candidate that could take a need (METRICS, Alternatives). -#}
{% macro grade_of(candidates, needs) %}
case
    when {{ candidates }}.spare_quarter >= {{ needs }}.need then 'A'
    when {{ candidates }}.customers_52w > 0 and coalesce({{ candidates }}.only_customer_id <> {{ needs }}.group_id, true) then 'B'
    else 'C'
end
{%- endmacro %}
