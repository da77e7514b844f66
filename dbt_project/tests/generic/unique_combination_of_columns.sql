{% test unique_combination_of_columns(model, combination_of_columns) %}
-- One row for each combination of values of the columns, none of them null.
select
    {%- for column in combination_of_columns %}
    {{ column }} as column_{{ loop.index }},
    {%- endfor %}
    count(*) as rows_found
from {{ model }}
group by {{ combination_of_columns | join(', ') }}
having count(*) > 1
{%- for column in combination_of_columns %} or {{ column }} is null{% endfor %}
{% endtest %}
