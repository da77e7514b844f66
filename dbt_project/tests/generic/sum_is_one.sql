{% test sum_is_one(model, column, group_by_columns) %}
-- Parts of a whole add to exactly one.
select
    {%- for column_of_whole in group_by_columns %}
    {{ column_of_whole }},
    {%- endfor %}
    sum({{ column }}) as total
from {{ model }}
group by {{ group_by_columns | join(', ') }}
having sum({{ column }}) <> 1
{% endtest %}
