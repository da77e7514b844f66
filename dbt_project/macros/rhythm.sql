{#- When a customer counts as silent: one rule for `int_pair_rhythm` (each week as now known) and `week_silent` (the as-of week). -#}

{#- With fewer weeks a pair shows no rhythm: one next gap in twelve is the longest so far by chance alone. -#}
{% macro rhythm_weeks() %}12{% endmacro %}

{#- METRICS: a customer is silent when it is past the 99th percentile of its own gaps. -#}
{% macro gap_quantile() %}0.99{% endmacro %}

{#- Number of the week from which a pair with these weeks and this usual gap is silent, if no bill comes; null without a rhythm. -#}
{% macro silent_from(last_week_number, weeks, usual_gap_weeks) -%}
case when {{ weeks }} >= {{ rhythm_weeks() }} then {{ last_week_number }} + {{ usual_gap_weeks }} + 1 end
{%- endmacro %}
