{% test expression_is_true(model, expressions) %}
-- Named expressions that are true in every row; the result says which is not, and in how many rows. Null is not true.
with judged as (
    select
        {%- for expression in expressions.values() %}
        case when {{ expression }} then 0 else 1 end as broken_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ model }}
),

counted as (
    select
        {%- for expression in expressions %}
        sum(broken_{{ loop.index }}) as broken_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}
    from judged
)

{% for name in expressions -%}
select '{{ name }}' as expression_broken, broken_{{ loop.index }} as rows_found
from counted
where broken_{{ loop.index }} > 0
{{ 'union all' if not loop.last }}
{% endfor %}
{% endtest %}
