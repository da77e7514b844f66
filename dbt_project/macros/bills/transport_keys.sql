{#- One form for each vessel, voyage and container, however a file writes it: what bills of one voyage are joined on. -#}

{#-
`M/V EVER BOX`, `VSL: EVER-BOX`, `EVER BOX V.012W`, `EVER BOX/012W` and `EVER BOX (IMO 9876543)` are one vessel. A name without Latin
letters or digits stays as it is. A number behind a blank is part of the name (`MSC 2`) unless a compass letter shows a voyage.
-#}
{% macro vessel_key(vessel_name) -%}
{%- set plain = 'upper(' ~ without_accents(vessel_name) ~ ')' -%}
coalesce(nullif({{ replace_all(
    replace_all(
        replace_all(
            plain, '^[^A-Z0-9]*(?:M[./ ]*[VTSY]|S[./ ]*S|(?:MOTOR )?(?:VESSEL|VSL)(?: ?NAME)?)[ .:/)-]*[ :/)-]+', ''
        ),
        '[ ,(]+(?:IMO[ .:NO#]*)?[0-9]{7}[) ]*$|[ ,(/-]+(?:V|VOY|VOYAGE)[ .:-]*(?:N[OR]?[ .:]*)?[0-9]+[A-Z]?[.) ]*$'
        ~ '|[ ,(/-]+[0-9]{2,4}[NSEW][) ]*$|[ ]*/[ ]*[0-9]+[) ]*$|[ ,]+M[./]?V[. ]*$', ''
    ),
    '[^A-Z0-9]', ''
) }}, ''), upper({{ vessel_name }}))
{%- endmacro %}

{#-
`012W`, `12-W`, `V.12W`, `VOY NO 0012W` and `012 WEST` are one voyage, as are `FA012W` and `FA12W`; `12.0` is a number that a
spreadsheet wrote.
-#}
{% macro voyage_key(voyage_number) -%}
{{ replace_first(
    replace_first(
        replace_first(
            replace_all(replace_all('upper(' ~ voyage_number ~ ')', '^( *[0-9]+)[.]0+ *$', '\\1'), '[^A-Z0-9]', ''),
            '([0-9][NSEW])(?:ORTH|OUTH|EST|AST)?(?:B(?:OUND)?)?$', '\\1'
        ),
        '^(?:VOYAGE|VOY|VYG|VGE|TRIP)(?:NUMBER|NO)?([A-Z]*[0-9])|^(?:V|V?NUMBER|V?NO)([0-9])', '\\1\\2'
    ),
    '^([A-Z]*)0+([0-9])', '\\1\\2'
) }}
{%- endmacro %}

{#-
A container's number in one form: four letters, six digits and the check digit, read from `lclu 100000-4` or `LCLU1000004/40HC`
(the letters O and I among the digits are 0 and 1), or from `CNTR NO. LCLU1000004`; a check digit that is left out is computed. Null for loose cargo.
-#}
{% macro container_number_of(text) -%}
{%- set signs = replace_all('upper(' ~ text ~ ')', '[^A-Z0-9]', '') -%}
{#- the fourth letter of a container is U, J or Z; behind other words only these are one -#}
{%- set compact = first_match(signs, '(^[A-Z]{4}[0-9OI]{6}.?|[A-Z]{3}[UJZ][0-9OI]{6}.?)') -%}
{%- set owner_and_serial = "concat(left(" ~ compact ~ ", 4), translate(substr(" ~ compact ~ ", 5, 6), 'OI', '01'))" -%}
{%- set given = "translate(substr(" ~ compact ~ ", 11, 1), 'OI', '01')" -%}
case
    when {{ compact }} <> ''
        then concat(
            {{ owner_and_serial }},
            case when {{ given }} between '0' and '9' then {{ given }} else {{ check_digit(owner_and_serial) }} end
        )
end
{%- endmacro %}

{#- Check digit of ISO 6346: letters count from 10 without the multiples of 11, each place twice the one before. -#}
{% macro check_digit(owner_and_serial) -%}
cast((
    {%- for place in range(10) %}
    {{ '+ ' if not loop.first }}{{ 2 ** place }}
    * (strpos('0123456789A*BCDEFGHIJK*LMNOPQRSTU*VWXYZ', substr({{ owner_and_serial }}, {{ place + 1 }}, 1)) - 1)
    {%- endfor %}
) % 11 % 10 as varchar)
{%- endmacro %}
