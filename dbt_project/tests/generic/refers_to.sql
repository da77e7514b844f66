{% test refers_to(model, column_name, to, field) %}
-- Every value stands in the other table.
select referring.{{ column_name }}
from {{ model }} as referring
left join {{ to }} as referred on referring.{{ column_name }} = referred.{{ field }}
where referring.{{ column_name }} is not null and referred.{{ field }} is null
{% endtest %}
