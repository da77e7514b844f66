{#- Cargo that passes through the US on its way elsewhere is not US demand. -#}

{#-
In-bond entry types under which cargo leaves the US again: transportation and exportation (62), immediate exportation (63),
as code or in words. Immediate transportation (61) only moves the entry to an inland port.
-#}
{% macro leaves_in_bond(in_bond_entry_type) %}
coalesce({{ matches('upper(' ~ in_bond_entry_type ~ ')', '(^ *6[23]\\b)|EXPORT|(^ *(T&E|IE) *$)') }}, false)
{% endmacro %}

{#- The US and its territories, whose ports are US ports in these records. -#}
{% macro is_us_country(country_code) %}{{ country_code }} in ('US', 'AS', 'GU', 'MP', 'PR', 'UM', 'VI'){% endmacro %}
