{#- What tables make of a party's text; who the party is, pipeline/parties decides. -#}

{#- Upper-case words of letters and digits, one blank between. -#}
{% macro clean_words(text) %}trim({{ replace_all('upper(' ~ text ~ ')', '[^\\pL\\pN]+', ' ') }}){% endmacro %}

{#- Names are cut at this many characters; the rest runs on into the address, or is lost in an order. -#}
{% macro name_width() %}35{% endmacro %}

{#- Whether a spelling names the shipper: the same words, or as many of them as a cut name holds. -#}
{% macro is_shipper(spelling, shipper) %}
coalesce(
    {{ spelling }}.clean_name = {{ shipper }}.clean_name
    or (
        {{ spelling }}.is_cut
        and {{ spelling }}.clean_name = left({{ shipper }}.clean_name, length({{ spelling }}.clean_name))
    ),
    false
)
{%- endmacro %}

{#-
Whether a consignee's name may be an order, in any of its languages: no order is missed, and what is none is told apart where the
decision is known (`is_order`). Decisions change; what is read from raw rows must not change with them.
-#}
{% macro may_be_order(raw_name) %}{{ matches('upper(' ~ raw_name ~ ')', 'ORDER|ORDEN|ORDRE|ORDINE') }}{% endmacro %}

{#- Sliced text stands in the columns for city and state: only what looks like one is kept. -#}
{% macro place_name(text) %}
case when {{ matches('upper(' ~ text ~ ')', '^\\pL[\\pL .\'\'-]+$') }} then upper({{ text }}) end
{% endmacro %}

{% macro state_code(text) %}
case when {{ matches('upper(' ~ text ~ ')', '^[A-Z]{2}$') }} then upper({{ text }}) end
{% endmacro %}

{#- Whether a bill names a side: forwarders and banks keep their id but are nobody's supplier or customer. -#}
{% macro is_named(side) %}{{ side }}_id is not null and {{ side }}_visibility not in ('forwarder', 'bank'){% endmacro %}

{#- What a bill shows of a side, from the spelling that stands there (none is joined where the name is withheld). -#}
{% macro party_visibility(spelling) %}
case
    when {{ spelling }}.is_order then 'order'
    when {{ spelling }}.role = 'party' then 'named'
    when {{ spelling }}.role in ('forwarder', 'bank') then {{ spelling }}.role
    else 'redacted'
end
{%- endmacro %}
