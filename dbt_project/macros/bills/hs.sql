{#- Capitals of a text in plain letters, digits and single blanks: what the patterns below read. -#}
{% macro hs_text(text) -%}
{%- set wide = 'ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ０１２３４５６７８９：．，；／＃　' -%}
{%- set narrow = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:.,;/# ' -%}
case
    when {{ matches('upper(' ~ text ~ ')', '[^ -~]|  ') }}
        then {{ replace_all("translate(upper(" ~ text ~ "), '" ~ wide ~ "', '" ~ narrow ~ "')", '\\s+', ' ') }}
    else upper({{ text }})
end
{%- endmacro %}

{#-
Names of the Harmonised System and of tariffs built on it, before a code; weaker ones only with CODE, NO or the like. HS CODE may
stand behind a word without a blank.
-#}
{% macro hs_label() -%}
(?:H\.?S\.? ?CODES?|(?:^|[^A-Z0-9])(?:(?:ITC|RITC)?[ (/-]*H[./ ]{0,2}(?:T[. ]{0,2})?S\.?(?: ?US|N|C)?A?\)?|HARM(?:ONI[SZ]ED|\.)?(?: SYSTEM| TARIFF| SCHEDULE| CODE)+|HARMONI[SZ]ED|R\.?I\.?T\.?C\.?|N\.?C\.?M\.?(?:/SH)?|NALADISA|TARIC|G\.?T\.?[Iİ]\.?P\.?|TN ?VED|SCH(?:ED(?:ULE)?)?[. -]*B|(?:FRACC?ION|PARTIDA|POSICION|POS\.?) ARANCELARIA|CODIGO (?:HS|SH|ARANCELARIO)|CODE (?:SH|DOUANIER|NC)|(?:SH|CN|NC|CIQ|ARANCEL\w*) CODE|ZOLLTARIF\w*|WARENN(?:UMME)?R|(?:CUSTOMS? TARIFF|TARIFF?|COMMODITY|CUSTOMS?|STATISTICAL|COMM\.?)[ .:-]*(?:CODES?|N[OR]S?\b|NUMBERS?|HEADING|#))|ТН ?ВЭД|(?:HS|海关|商品|税则) ?编码|税则号列?)[] .:#/_()=?*"''[<>-]*(?:(?:COMMODITY|TARIFF|SYSTEM|CLASSIFICATION|HEADING|CODES?|CODIGO|CD|N[OR]S?|NUMBERS?|NUM|N[°º]|S|IS|ARE)[] .:#/_()=?*"''[<>-]*){0,3}
{%- endmacro %}

{#- Units of goods, behind a number. -#}
{% macro hs_units() -%}
(?:(?:WOODEN|PLASTIC|STEEL|FULL|TOTAL|EMPTY|BIG|JUMBO|FIBRE|PAPER|EXPORT) )?(?:K?GS?|KGM|KILOS?|KILOGRAMS?|G?LBS?|POUNDS?|M?TS?|TONS?|TONNES?|CBM|CUM|CFT|M2|M3|SQM|LT?RS?|LIT[ER]+S?|CTNS?|CARTONS?|CTS|PCS?|PCE|PIECES?|PKG?S?|PACKAGES?|PACKS?|PALLETS?|PLTS?|PLS|SKIDS?|BAGS?|SACKS?|SETS?|UNITS?|NOS|EA(?:CH)?|DOZ(?:EN)?S?|DZ|PAIRS?|PRS|DRUMS?|BARRELS?|ROLLS?|REELS?|COILS?|BUNDLES?|BDLS?|BOX(?:ES)?|CASES?|CS|BALES?|CRATES?|CONT(?:AINERS?)?|CNTRS?|TEUS?|FEET|FT|MM|CM|INCH(?:ES)?|SHEETS?|STEMS?|HEADS?|TINS|CANS|BOTTLES?|JARS|TRAYS?|IBCS?|TOTES?|FLEXI ?(?:TANKS?|BAGS?)|TANKS?|UNITES|COLIS|CAJAS?|BULTOS?|SACOS?|CAIXAS?|VOLUMES?|PIEZAS?)\b
{%- endmacro %}

{#- A text without numbers of goods: one of six digits and more is a code, unless it stands behind another. -#}
{% macro without_counts(text) -%}
{{ replace_all(
    replace_all(
        text,
        '\\b(?:[0-9]{1,3}(?:[.,][0-9]{3})+(?:[.,][0-9]+)?|[0-9]{1,5}(?:[.][0-9]+)?|[0-9]{1,3},[0-9]{1,2}) ?' ~ hs_units(), '#'
    ),
    '([0-9][,;/&|+ -]+)[0-9]{6,7} ?' ~ hs_units(), '\\1#'
) }}
{%- endmacro %}

{#- A code's digits: groups of two and four divided by points, blanks or dashes, or a number that a spreadsheet wrote. -#}
{% macro hs_groups() -%}
^([0-9]{6}(?:[ .-]+[0-9]{2}){1,3}|[0-9]{8}(?:[ .-]+[0-9]{2}){1,2}|[0-9]{4}(?:[ .-]+(?:[0-9]{4}|[0-9]{2}))+|[0-9]{2}(?:[ .-]+(?:[0-9]{4}|[0-9]{2}))+)(?:[^0-9]|$)
{%- endmacro %}

{#-
Codes named in a text in the form of `hs_text`, as an array of what stands behind each name, several codes as written. Two digits
behind six or eight and before a word count something.
-#}
{% macro hs_mentions(text) %}
{{ all_matches(
    replace_all(
        replace_all(
            replace_all(without_counts(plain_exponent(text)), ' ?[(] ?# ?[)]', ''),
            '\\b([0-9]{6}|[0-9]{8}) +([0-9]{2} +[A-Z])', '\\1 #\\2'
        ),
        '([0-9]) +([0-9]{4}[.])', '\\1, \\2'
    ),
    hs_label() ~ '((?:[0-9](?:[0-9. -]|E[0-9])*(?:(?:[,;/&+|]|AND|OR) ?)*)+)'
) }}
{% endmacro %}

{#- Whether a text in the form of `hs_text` names a code, here or, as a label at its end, on its next line. -#}
{% macro may_mention_hs(text) %}
{{ matches(text, hs_label() ~ '(?:[0-9]|$)') }}
{% endmacro %}

{#- Whether a text ends where a code would follow: on its next line. -#}
{% macro ends_before_code(text) %}
{{ matches(text, hs_label() ~ '$') }}
{% endmacro %}

{#- `8.4512E+07` as `8.4512E07`: the sign divides codes. -#}
{% macro plain_exponent(text) -%}
{{ replace_all(text, '([0-9])E[+]([0-9])', '\\1E\\2') }}
{%- endmacro %}

{#- Each of several codes in a text in the form of `hs_text`, as an array. -#}
{% macro hs_parts(text) -%}
{{ split_on(plain_exponent(text), '[,;/&+|]|AND|OR| - ') }}
{%- endmacro %}

{#-
Digits of one code as written: `9403.60.80`, `3105. 20. 00`, `9403 60`; of `8.4512E+07` the number; of `4011.1`, whose last nought a
spreadsheet dropped, the whole pairs. Digits that no code's groups have are left out.
-#}
{% macro hs_digits(part) -%}
case
    when {{ matches(part, '^[0-9][.]?[0-9]*E[0-9]{1,2}$') }}
        then cast(cast(cast({{ part }} as double) as decimal(38, 0)) as varchar)
    when {{ matches(part, '^(?:[0-9]+[.]0?|[0-9]{5,}[.]0+)$') }} then {{ first_match(part, '^([0-9]+)') }}
    when {{ matches(part, '^[0-9]{1,8}[.][0-9]+$') }}
        then {{ whole_pairs(even_digits("split_part(" ~ part ~ ", '.', 1)") ~ " || split_part(" ~ part ~ ", '.', 2)") }}
    when {{ matches(part, hs_groups()) }}
        then {{ replace_all(first_match(part, hs_groups()), '[^0-9]', '') }}
    else {{ first_match(part, '^([0-9]+)') }}
end
{%- endmacro %}

{#- Codes have an even number of digits: an odd one lost its leading nought. -#}
{% macro even_digits(digits) -%}
case when length({{ digits }}) % 2 = 1 then '0' || {{ digits }} else {{ digits }} end
{%- endmacro %}

{% macro whole_pairs(digits) -%}
left({{ digits }}, cast(length({{ digits }}) - length({{ digits }}) % 2 as integer))
{%- endmacro %}

{#-
A code of at most ten digits, of its digits and the headings that exist: an odd number of digits lost its leading nought, or, where
that is no heading, is one digit too long. National codes have up to thirteen.
-#}
{% macro hs_code_of(digits, heading_behind_nought) -%}
left(
    case
        when length({{ digits }}) % 2 = 0 then {{ digits }}
        when length({{ digits }}) = 1 or ({{ heading_behind_nought }} is not null and length({{ digits }}) < 10) then '0' || {{ digits }}
        else {{ whole_pairs(digits) }}
    end,
    10
)
{%- endmacro %}

{#- A product's code: chapters 01 to 97, of which 77 is reserved and empty; 98, 99 and nines are for duties, and no goods. -#}
{% macro is_hs_code(code) %}
length({{ code }}) in (2, 4, 6, 8, 10) and left({{ code }}, 2) between '01' and '97' and left({{ code }}, 2) <> '77'
{% endmacro %}

{#- Headings that the list of today has no more, in records of ten years. -#}
{% macro retired_headings() %}{{ return(['2848', '6908', '8469']) }}{% endmacro %}

{#- Key of a cargo text: its words without figures and marks, so that order numbers make no other text; 0 for none. -#}
{% macro goods_key(text) %}
coalesce({{ key_of(replace_all('upper(' ~ text ~ ')', '\\pL*[0-9][\\pL0-9]*|[^\\pL]+', ' ')) }}, 0)
{%- endmacro %}

{#-
CTEs up to `products`: one row per bill and code (one without a code has one), with the better supported product.

Args, names of CTEs: `bills` (shipment_id, identifier, supplier_id, text_key), `codes` (rows of int_record_hs) and `choices`
(rows of weekly/product_choices). Of several codes of a bill the text replaces all or none.
-#}
{% macro chosen_products(bills, codes, choices) %}
recorded as (
    select
        bills.shipment_id,
        bills.identifier,
        bills.text_key,
        coalesce(bills.supplier_id, '') as supplier_key,
        codes.hs_code,
        codes.hs4,
        coalesce(codes.hs_source, 'none') as hs_source,
        coalesce(codes.code_number, 1) as code_number,
        coalesce(codes.codes, 1) as codes
    from {{ bills }} as bills
    left join {{ codes }} as codes on bills.identifier = codes.identifier
),

judged as (
    select
        recorded.*,
        choices.hs4 as chosen_hs4,
        choices.probability
    from recorded
    left join {{ choices }} as choices
        on
            recorded.text_key = choices.text_key
            and recorded.supplier_key = choices.supplier_id
            and recorded.hs_source = choices.recorded_source
            and coalesce(recorded.hs4, '') = choices.recorded_hs4
),

supported as (
    select distinct identifier
    from judged
    where codes > 1 and (chosen_hs4 is null or chosen_hs4 = hs4)
),

decided as (
    select
        judged.*,
        case
            when judged.chosen_hs4 is null or supported.identifier is not null then false
            else judged.hs4 is null or judged.chosen_hs4 <> judged.hs4
        end as is_by_text
    from judged
    left join supported on judged.identifier = supported.identifier
),

products as (
    select
        shipment_id,
        identifier,
        code_number,
        hs_code,
        case when is_by_text then chosen_hs4 else hs4 end as hs4,
        case when is_by_text then 'text_model' else hs_source end as hs_source,
        cast(
            case
                when is_by_text then probability
                when chosen_hs4 <> hs4 then 1 - probability
                when hs4 is not null then coalesce(probability, {{ expected_reliability('hs_source') }})
            end as decimal(9, 4)
        ) as product_probability,
        -- running sums are rounded, not the parts, so that the parts add to 1 exactly
        cast(
            round(cast(code_number as double) / codes, 6) - round(cast(code_number - 1 as double) / codes, 6)
            as decimal(9, 6)
        ) as fraction
    from decided
)
{%- endmacro %}

{% macro expected_reliability(source) -%}
case {{ source }}
    when 'declared' then {{ code_reliability_declared() }}
    when 'parsed' then {{ code_reliability_parsed() }}
    when 'classified' then {{ code_reliability_classified() }}
end
{%- endmacro %}

{#- Bring the products of the nightly tables up to the choices of the newest published week; a hook of meta_publish. -#}
{% macro show_published_choices() %}
{%- set facts, products = as_built_before('fct_shipment'), as_built_before('fct_shipment_product') -%}
{#- a warehouse of an earlier version has no products with provenance until its next full refresh -#}
{%- if facts is not none and has_column(facts, 'text_key') %}
create or replace temp table product_now as
with bills as (
    select shipment_id, identifier, supplier_id, text_key
    from {{ facts }}
),

codes as (
    select * from {{ as_built_before('int_record_hs') }}
),

choices as (
    select * from {{ as_built_before('int_product_choice') }}
),

{{ chosen_products('bills', 'codes', 'choices') }}

select products.*
from products
inner join {{ products }} as shown
    on products.identifier = shown.identifier and coalesce(products.hs_code, '') = coalesce(shown.hs_code, '')
where
    products.hs4 is distinct from shown.hs4
    or products.hs_source <> shown.hs_source
    or products.product_probability is distinct from shown.product_probability;

update {{ products }} as shown
set hs4 = product_now.hs4, hs_source = product_now.hs_source, product_probability = product_now.product_probability
from product_now
where shown.identifier = product_now.identifier and coalesce(shown.hs_code, '') = coalesce(product_now.hs_code, '');

update {{ facts }} as shown
set hs4 = product_now.hs4, hs_source = product_now.hs_source, product_probability = product_now.product_probability
from product_now
where shown.identifier = product_now.identifier and product_now.code_number = 1;

drop table product_now;
{%- endif %}
{% endmacro %}
