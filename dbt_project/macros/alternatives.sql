{#- What the models of alternatives share. -#}

{#- Words of a buyer that are looked for in suppliers' texts: `week_need_set` lists the sets of three. -#}
{% macro words_of_buyer() %}3{% endmacro %}

{#- Places to look in, as whole numbers: anywhere, a country, a city in a country; null where that is not known. -#}
{% macro anywhere() %}cast(0 as bigint){% endmacro %}
{% macro country_location(country_code) %}{{ return(key_of(country_code)) }}{% endmacro %}
{% macro city_location(country_code, city) %}{{ return(key_of(country_code ~ " || '|' || " ~ city)) }}{% endmacro %}
