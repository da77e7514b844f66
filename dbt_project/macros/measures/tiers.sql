{#- Whether a share is above a tier's cut, given the last tier: the hysteresis of tiers. -#}
{% macro passes(last_tier, tier) %}
{%- set above = {'a': ['A'], 'b': ['A', 'B'], 'c': ['A', 'B', 'C']}[tier] -%}
pairs.share >= rules.tier_{{ tier }}_share * case
            when {{ last_tier }} is null then 1
            when {{ last_tier }} in ('{{ above | join("', '") }}') then 1 - rules.tier_hysteresis
            else 1 + rules.tier_hysteresis
        end
{%- endmacro %}

{#- The tier of a share by the raw cuts, without hysteresis. -#}
{% macro raw_tier(share) %}
case
            when {{ share }} >= rules.tier_a_share then 'A'
            when {{ share }} >= rules.tier_b_share then 'B'
            when {{ share }} >= rules.tier_c_share then 'C'
            when {{ share }} is not null then 'D'
        end
{%- endmacro %}

{#- Volume to add, the others unchanged, to reach a share of the supplier: it adds to the whole too. -#}
{% macro volume_to_share(share) %}
cast({{ share }} * supplier_volume - volume as double) / cast(1 - {{ share }} as double)
{%- endmacro %}
