{% test adds_to_one(model, part, of) %}
-- Parts of a whole add to exactly one.
select
    {%- for column in of %}
    {{ column }},
    {%- endfor %}
    sum({{ part }}) as total
from {{ model }}
group by {{ of | join(', ') }}
having sum({{ part }}) <> 1
{% endtest %}
