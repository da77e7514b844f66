{#-
Whether an arrival is an error of the file: more than 400 days before the first run with the bill or 120 days after the last.
(Vessels are announced weeks ahead; bills are amended months after, and a late amendment does not make an arrival wrong.)
-#}
{% macro arrival_is_suspect(arrival_date, first_run_date, last_run_date) %}
coalesce(
    {{ days_between(arrival_date, first_run_date) }} > 400 or {{ days_between(last_run_date, arrival_date) }} > 120, false
)
{% endmacro %}

{#- The arrival that a record is dated by: the actual one, unless it is an error of the file and the estimated one is none. -#}
{% macro plausible_arrival(actual, estimated, run_date) %}
case
    when {{ actual }} is null then {{ estimated }}
    when
        {{ estimated }} is not null
        and {{ arrival_is_suspect(actual, run_date, run_date) }}
        and not {{ arrival_is_suspect(estimated, run_date, run_date) }}
        then {{ estimated }}
    else {{ actual }}
end
{% endmacro %}

{#- Whether the weekly tables count a bill: cargo for the US of a known week, with a named side. -#}
{% macro is_counted_in_weeks() -%}
week_start_date is not null
    and not is_in_transit
    and (supplier_id is not null or consignee_id is not null)
{%- endmacro %}
