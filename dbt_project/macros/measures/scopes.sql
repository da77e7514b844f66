{#- Whether a row of week_scope has all bills of a product (`hs4`), by the beginning of its code. -#}
{% macro covers_product(scope, hs4) -%}
{{ scope }}.side = 'product'
            and length({{ scope }}.hs_code) <= 4
            and left({{ hs4 }}, length({{ scope }}.hs_code)) = {{ scope }}.hs_code
{%- endmacro %}
