{#-
Whether an arrival is an error of the file: more than 400 days before the first run that told of it or 120 days after the last.
(Vessels are announced weeks ahead; bills are amended months after, and a late amendment does not make an arrival wrong.)
-#}
{% macro arrival_is_suspect(arrival_date, first_run_date, last_run_date) %}
coalesce(
    {{ days_between(arrival_date, first_run_date) }} > 400 or {{ days_between(last_run_date, arrival_date) }} > 120, false
)
{% endmacro %}
