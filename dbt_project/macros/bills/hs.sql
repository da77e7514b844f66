{#- Names of the Harmonised System and of tariffs built on it, before a code; weaker ones only with CODE, NO or the like. -#}
{% macro hs_label() -%}
(?:^|[^A-Z0-9])(?:H[./\s]{0,2}(?:T[.\s]{0,2})?S\.?(?:US)?A?|HARMONI[SZ]ED(?: SYSTEM| TARIFF| SCHEDULE)*|N\.?C\.?M\.?(?:/SH)?|TARIC|SCHEDULE B|(?:FRACC?ION|PARTIDA|POSICION|POS\.?) ARANCELARIA|CODIGO (?:HS|SH|ARANCELARIO)|CODE SH|(?:CUSTOMS? TARIFF|TARIFF?|COMMODITY|CUSTOMS?|STATISTICAL|COMM\.?)[\s.:-]*(?:CODES?|N[OR]S?\b|NUMBERS?|HEADING|#))[\s.:#/_()=-]*(?:(?:COMMODITY|TARIFF|CLASSIFICATION|HEADING|CODES?|CODIGO|CD|N[OR]S?|NUMBERS?|NUM|N[°º]|S)[\s.:#/_()=-]*){0,3}
{%- endmacro %}

{#- A number with its unit: no code, even behind one. -#}
{% macro counted_goods() -%}
\b[0-9]+(?:[.,][0-9]+)?\s?(?:KGS?|KILOS?|LBS?|MTS?|TONS?|TONNES?|CBM|M3|CTNS?|CARTONS?|PCS?|PIECES?|PKGS?|PACKAGES?|PALLETS?|PLTS?|BAGS?|SETS?|UNITS?|DRUMS?|ROLLS?|BOX(?:ES)?|CASES?|BALES?|CRATES?|CONTAINERS?)\b
{%- endmacro %}

{#- Codes named in a text, as an array of runs of digits, separated as written. -#}
{% macro hs_mentions(text) %}
{{ all_matches(
    replace_all('upper(' ~ text ~ ')', counted_goods(), '#'),
    hs_label() ~ '((?:[0-9][0-9.\\s-]*(?:(?:[,;/&+]|AND)\\s?)?)+)'
) }}
{% endmacro %}

{#- Whether a text may name a code: cheaper than reading it. -#}
{% macro may_mention_hs(text) %}
{{ matches('upper(' ~ text ~ ')', 'H[./\\s]{0,2}(?:T[.\\s]{0,2})?S|HARMON|N\\.?C\\.?M|TARI|ARANCEL|CODE|SCHEDULE B|COMM') }}
{% endmacro %}

{#- Whether a text ends where a code would follow: on its next line. -#}
{% macro ends_before_code(text) %}
{{ matches('upper(' ~ text ~ ')', hs_label() ~ '$') }}
{% endmacro %}

{#- Chapters 01 to 99, of which 77 is reserved and empty. -#}
{% macro is_hs_code(code) %}
length({{ code }}) in (2, 4, 6, 8, 10) and left({{ code }}, 2) between '01' and '99' and left({{ code }}, 2) <> '77'
{% endmacro %}

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
