{#- Codes after HS, HTS or H.S. in a text, separated as written; digits and blanks only. -#}
{% macro hs_mentions(text) %}
{{ all_matches('upper(' ~ text ~ ')', '\\bH\\.? ?T?\\.? ?S\\.?[ -]?(?:C(?:ODES?)?|NO|NUMBERS?|#)?[ .:#-]*((?:[0-9][0-9. ]*(?:[,;/&] ?)?)+)') }}
{% endmacro %}

{#- Chapters 01 to 99, of which 77 is reserved and empty. -#}
{% macro is_hs_code(code) %}
length({{ code }}) in (2, 4, 6, 8, 10) and left({{ code }}, 2) between '01' and '99' and left({{ code }}, 2) <> '77'
{% endmacro %}
