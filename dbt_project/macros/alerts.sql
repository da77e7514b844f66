{#- What the models of alerts share. -#}

{#- Monday and Sunday of a week by its number. -#}
{% macro monday_of(week) %}{{ add_days("date '1970-01-05'", '7 * ' ~ week) }}{% endmacro %}
{% macro sunday_of(week) %}{{ add_days("date '1970-01-11'", '7 * ' ~ week) }}{% endmacro %}

{#- A text within single quotes of JSON or SQL; ids have neither quotes nor backslashes; they are doubled all the same. -#}
{% macro sql_text(text) %}'''' || replace({{ text }}, '''', '''''') || ''''{% endmacro %}

{#-
Columns of a finding of a rule, with the names and types of `pipeline.detection.findings.FINDING`. Stands beside `before` and `week`; the
windows are the years that end with the last frozen week and with this one, unless others are given.

Args:
    alternative_explanation: code of what else may explain it.
    windows: first and last week of the window before and of the one now; the week in which it began.
-#}
{% macro finding_of_rule(
    alert_type, supplier_key, consignee_key, driver_key, threshold, from_value, to_value, effect, coverage, fires, alternative_explanation,
    windows=none
) %}
{%- set years = windows or {
    'before_start': 'before.week_number - ' ~ (weeks_of_year() | int - 1), 'before_end': 'before.week_number',
    'window_start': 'week.week_number - ' ~ (weeks_of_year() | int - 1), 'window_end': 'week.week_number',
    'began': 'week.week_number'
} -%}
    '{{ alert_type }}' as alert_type,
    cast({{ supplier_key }} as bigint) as supplier_key,
    cast({{ consignee_key }} as bigint) as consignee_key,
    cast({{ driver_key }} as bigint) as driver_key,
    cast({{ threshold }} as varchar) as threshold,
    cast(week.week_number as integer) as at_week,
    {%- for name, number in years.items() %}
    cast({{ number }} as integer) as {{ name }},
    {%- endfor %}
    cast({{ from_value }} as double) as from_value,
    cast({{ to_value }} as double) as to_value,
    cast({{ effect }} as double) as effect,
    cast(null as double) as effect_low,
    cast(null as double) as effect_high,
    cast(null as double) as bills_before,
    cast(null as double) as bills_after,
    cast(null as double) as p_value,
    cast(null as double) as q_value,
    'rule' as certainty,
    {{ fires }} as fires,
    true as holds,
    cast({{ coverage }} as double) as coverage,
    {{ alternative_explanation }} as alternative_explanation,
    cast(null as varchar) as event,
    cast(null as integer) as until_week,
    cast(null as double) as customer_bills,
    cast(null as double) as unnamed_change
{%- endmacro %}

{#- Episodes of a rule that began within so many weeks: older ones are not kept open. -#}
{% macro held_episodes(alert_type, within_weeks) -%}
select episodes.*
from {{ ref('week_open_episode') }} as episodes
cross join {{ ref('asof_week') }} as week
where
    episodes.alert_type = '{{ alert_type }}'
    and episodes.first_window_end > week.week_number - {{ within_weeks }}
{%- endmacro %}

{#- What a retraction repeats of the alert that it takes back, as it was frozen. -#}
{% macro alert_columns() %}
    {{- return([
        'alert_id', 'alert_type', 'severity', 'supplier_id', 'consignee_id', 'driver_consignee_id', 'threshold',
        'window_before_start_date', 'window_before_end_date', 'window_start_date', 'window_end_date',
        'episode_start_week', 'from_value', 'to_value', 'value_unit', 'effect', 'effect_low', 'effect_high',
        'bills_per_week_before', 'bills_per_week_after', 'p_value', 'q_value', 'certainty', 'coverage', 'evidence',
        'supersedes_alert_id'
    ]) -}}
{% endmacro %}
