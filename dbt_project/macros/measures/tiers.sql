{#- Whether a share is above a tier's cut, given the last tier: the hysteresis of tiers. -#}
{% macro passes(last_tier, tier) %}
{%- set above = {'a': ['A'], 'b': ['A', 'B'], 'c': ['A', 'B', 'C']}[tier] -%}
pairs.share >= rules.tier_{{ tier }}_share * case
            when {{ last_tier }} is null then 1
            when {{ last_tier }} in ('{{ above | join("', '") }}') then 1 - rules.tier_hysteresis
            else 1 + rules.tier_hysteresis
        end
{%- endmacro %}
