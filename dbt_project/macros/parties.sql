{#- How a party's text is read until entities are resolved: cleaned words, and the role that the words alone show. -#}

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

{#- Names that say that there is no name. -#}
{% macro is_no_name(clean_name) %}
{{ clean_name }} in ('', 'N A', 'NA', 'NONE', 'NOT AVAILABLE', 'UNKNOWN', 'SAME AS CONSIGNEE', 'SAME AS SHIPPER')
{% endmacro %}

{#- "TO THE ORDER OF ...", also where the blank after ORDER is missing. -#}
{% macro is_order_name(clean_name) %}{{ matches(clean_name, '^(TO (THE )?ORDER|UNTO (THE )?ORDER|(THE )?ORDER OF )') }}{% endmacro %}

{#- Who an order name names: the words after it; empty where it names nobody. -#}
{% macro ordered_name(clean_name) %}
trim({{ replace_all(clean_name, '^(TO|UNTO)? ?(THE )?ORDER( OF\\b)?', '') }})
{% endmacro %}

{#- The party on whose behalf a forwarder stands on the bill ("DHL ISC O/B OF D_LUXE BAGS"); empty where none is named. -#}
{% macro name_behind(raw_name) %}
{{ first_match('upper(' ~ raw_name ~ ')', '(?:^|[^A-Z0-9])(?:O/B|OBO|F/A/O|C/O)(?: +OF\\b)?[ .:]*(.+)$') }}
{% endmacro %}

{% macro is_bank_name(clean_name) %}{{ matches(clean_name, '\\b(BANK|BANCO|BANQUE|BANKASI|BANCA)\\b') }}{% endmacro %}

{#- Whole words of the forwarding trade: STAPLES, MOLEX or MAPLE LEAF hold none of them. -#}
{% macro is_forwarder_name(clean_name) %}
{{ matches(clean_name, '\\b(FREIGHT|FORWARDING|FORWARDERS?|LOGISTICS?|NVOCC|CONSOLIDATORS?|SHIPPING AGENC(Y|IES)|CARGO SERVICES?)\\b') }}
{% endmacro %}

{#- Sliced text stands in the columns for city and state: only what looks like one is kept. -#}
{% macro place_name(text) %}
case when {{ matches('upper(' ~ text ~ ')', '^\\pL[\\pL .\'\'-]+$') }} then upper({{ text }}) end
{% endmacro %}

{% macro state_code(text) %}
case when {{ matches('upper(' ~ text ~ ')', '^[A-Z]{2}$') }} then upper({{ text }}) end
{% endmacro %}

{#- What a bill shows of a side, from the spelling that stands there (none is joined where the name is withheld). -#}
{% macro party_visibility(spelling) %}
case
    when {{ spelling }}.is_order then 'order'
    when {{ spelling }}.role = 'party' then 'named'
    when {{ spelling }}.role in ('forwarder', 'bank') then {{ spelling }}.role
    else 'redacted'
end
{%- endmacro %}
