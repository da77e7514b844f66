{#- Parties as bills write them; pipeline/entities decides who they are. -#}

{#- Upper-case words of letters and digits, one blank between. -#}
{% macro clean_words(text) %}trim({{ replace_all('upper(' ~ text ~ ')', '[^\\pL\\pN]+', ' ') }}){% endmacro %}

{#- Names are cut at this many characters; the rest runs on into the address, or is lost in an order. -#}
{% macro name_width() %}35{% endmacro %}

{#- Whether a name variant names the shipper: the same words, or as many of them as a cut name has. -#}
{% macro is_shipper(name_variant, shipper) %}
coalesce(
    {{ name_variant }}.clean_name = {{ shipper }}.clean_name
    or (
        {{ name_variant }}.is_cut
        and {{ name_variant }}.clean_name = left({{ shipper }}.clean_name, length({{ name_variant }}.clean_name))
    ),
    false
)
{%- endmacro %}

{#-
Whether a consignee's name may be an order, in any of its languages, or refer to the notify party: none is missed, and what is
neither is sorted out where the decision is known (`is_order`, `refers_to_notify_party`). Decisions change; what is read from raw rows must not change with them.
-#}
{% macro may_be_order(raw_name) %}
{{ matches(
    'upper(' ~ raw_name ~ ')',
    'ORDER|ORDEN|ORDEM|ORDRE|ORDINE|NOTIF|BEARER|TO (THE )?HOLDER|PORTADOR|PORTEUR|PORTATORE|INHABER|EMR.NE|^\\W*(UN|ON)?T ?O\\b'
) }}
{%- endmacro %}

{#- Whether a name variant stands for the notify party of its bill (SAME AS NOTIFY PARTY). -#}
{% macro refers_to_notify_party(name_variant) %}
coalesce(
    {{ name_variant }}.role = 'none'
    and not {{ name_variant }}.is_order
    and {{ matches(
        'upper(' ~ name_variant ~ '.raw_name)',
        '(SAME|IDEM|DITTO|MISMO|MEME|\\bAS\\b).*NOTIF|^\\W*NOTIFY( PARTY)?\\W*$'
    ) }},
    false
)
{%- endmacro %}

{#- The columns for city and state have sliced text too; null unless it has the form of one. -#}
{% macro city_name(text) %}
case when {{ matches('upper(' ~ text ~ ')', '^\\pL[\\pL .\'\'-]+$') }} then upper({{ text }}) end
{% endmacro %}

{% macro state_code(text) %}
case when {{ matches('upper(' ~ text ~ ')', '^[A-Z]{2}$') }} then upper({{ text }}) end
{% endmacro %}

{#- Whether a bill names a side: forwarders and banks have an id but are no supplier or customer. -#}
{% macro is_named(side) %}{{ side }}_id is not null and {{ side }}_visibility not in ('forwarder', 'bank'){% endmacro %}

{#- What a bill shows of a side, from its name variant (none is joined where the name is withheld). -#}
{% macro party_visibility(name_variant) %}
case
    when {{ name_variant }}.is_order then 'order'
    when {{ name_variant }}.role = 'party' then 'named'
    when {{ name_variant }}.role in ('forwarder', 'bank') then {{ name_variant }}.role
    else 'redacted'
end
{%- endmacro %}
