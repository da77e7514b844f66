{#-
TEU of a box from its length in feet and inches (4000 is 40'00", 0 is not given), else from its ISO 6346 size code
(old and new: 2 is 20', 4 is 40', 9 and L are 45'). 20' is 1, 40' is 2, 45' is 2.25; another size is unknown.
-#}
{% macro box_teu(container_length, container_type) %}
case
    when {{ container_length }} between 1900 and 2100 then 1
    when {{ container_length }} between 3900 and 4100 then 2
    when {{ container_length }} between 4400 and 4600 then 2.25
    when coalesce({{ container_length }}, 0) <> 0 then null
    when left({{ container_type }}, 1) = '2' then 1
    when left({{ container_type }}, 1) = '4' then 2
    when left({{ container_type }}, 1) in ('9', 'L') then 2.25
end
{% endmacro %}
