{% test grain(model, columns) %}
-- One row for each value of the grain's columns, none of them null.
select
    {%- for column in columns %}
    {{ column }} as grain_{{ loop.index }},
    {%- endfor %}
    count(*) as rows_found
from {{ model }}
group by {% for column in columns %}{{ column }}{{ ', ' if not loop.last }}{% endfor %}
having count(*) > 1
{%- for column in columns %} or {{ column }} is null{% endfor %}
{% endtest %}
