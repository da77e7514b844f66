{% test holds(model, conditions) %}
-- Conditions that every row meets, each with a name; the result says which was broken how often. Unknown is broken.
with judged as (
    select
        {%- for condition in conditions.values() %}
        case when {{ condition }} then 0 else 1 end as broken_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ model }}
),

counted as (
    select
        {%- for condition in conditions %}
        sum(broken_{{ loop.index }}) as broken_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}
    from judged
)

{% for name in conditions -%}
select '{{ name }}' as condition_broken, broken_{{ loop.index }} as rows_found
from counted
where broken_{{ loop.index }} > 0
{{ 'union all' if not loop.last }}
{% endfor %}
{% endtest %}
