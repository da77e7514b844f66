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

{#-
CTEs up to `profiles`: one row per entity with its name, location, dates and confidence, from its name variants and their bills.

Args: `name_variants`, a CTE of rows of int_party_name_variant; `spelling_column`, the column of int_record that has their id.
-#}
{% macro entity_profiles(name_variants, spelling_column) %}
bills as (
    select
        {{ spelling_column }} as spelling_id,
        count(*) as bills,
        sum(coalesce(weight_kg, 0)) as weight_kg
    from {{ ref('int_record') }}
    where {{ spelling_column }} in (select variants.spelling_id from {{ name_variants }} as variants)
    group by {{ spelling_column }}
),

-- where a variant is: a place that its name suggests, or that an order to it states, counts where no other does
ranked as (
    select
        variants.*,
        row_number() over (
            partition by variants.entity_id
            order by
                variants.is_order,
                coalesce(variants.country_source in ('name', 'legal_form'), false),
                variants.first_run_date,
                variants.raw_name,
                variants.raw_address
        ) as place_rank,
        cast(
            variants.is_order or coalesce(variants.country_source in ('name', 'legal_form'), false) as integer
        ) as is_weak,
        coalesce(bills.bills, 0) as bills,
        -- the weight of one record more, so that a variant without weight counts as well
        coalesce(bills.weight_kg, 0) + 1 as weight
    from {{ name_variants }} as variants
    left join bills on variants.spelling_id = bills.spelling_id
),

-- its name is the one on most bills that is complete and no order; of several the longest, with its legal form
named as (
    select
        variants.entity_id,
        variants.raw_name,
        row_number() over (
            partition by variants.entity_id
            order by sum(coalesce(bills.bills, 0)) desc, length(variants.raw_name) desc, variants.raw_name
        ) as name_rank
    from {{ name_variants }} as variants
    left join bills on variants.spelling_id = bills.spelling_id
    where
        not variants.is_order
        and variants.other_party is null
        and length(trim(variants.raw_name)) < {{ name_width() }} - 2
    group by variants.entity_id, variants.raw_name
),

-- an entity is where most of its bills say it is: one address with a typing error moves no firm
countries as (
    select
        entity_id,
        country_code,
        {{ first_known('country_source', 'place_rank') }} as country_source,
        row_number() over (
            partition by entity_id order by min(is_weak), sum(bills) desc, min(place_rank)
        ) as country_rank
    from ranked
    where country_code is not null
    group by entity_id, country_code
),

cities as (
    select
        ranked.entity_id,
        ranked.city,
        {{ first_known('ranked.city_source', 'ranked.place_rank') }} as city_source,
        row_number() over (
            partition by ranked.entity_id order by min(ranked.is_weak), sum(ranked.bills) desc, min(ranked.place_rank)
        ) as city_rank
    from ranked
    left join countries on ranked.entity_id = countries.entity_id and countries.country_rank = 1
    where ranked.city is not null and coalesce(ranked.country_code = countries.country_code, true)
    group by ranked.entity_id, ranked.city
),

states as (
    select
        ranked.entity_id,
        ranked.state,
        row_number() over (
            partition by ranked.entity_id
            order by
                max(cast(coalesce(ranked.city = cities.city, false) as integer)) desc,
                min(ranked.is_weak),
                sum(ranked.bills) desc,
                min(ranked.place_rank)
        ) as state_rank
    from ranked
    left join countries on ranked.entity_id = countries.entity_id and countries.country_rank = 1
    left join cities on ranked.entity_id = cities.entity_id and cities.city_rank = 1
    where ranked.state is not null and coalesce(ranked.country_code = countries.country_code, true)
    group by ranked.entity_id, ranked.state
),

seen as (
    select
        entity_id,
        min(first_run_date) as first_seen_date,
        max(last_run_date) as last_seen_date,
        count(*) as spellings,
        sum(coalesce(score, 1) * weight) / sum(weight) as link_score
    from ranked
    group by entity_id
),

profiles as (
    select
        seen.*,
        states.state,
        cities.city,
        cities.city_source,
        countries.country_code,
        countries.country_source,
        entities.role,
        entities.group_id,
        round(seen.link_score, 4) as confidence,
        -- a name that people gave is none that a bill has
        case when written.entity_id is null then entities.entity_name else named.raw_name end as entity_name
    from seen
    left join {{ ref('int_party_entity') }} as entities on seen.entity_id = entities.entity_id
    left join countries on seen.entity_id = countries.entity_id and countries.country_rank = 1
    left join cities on seen.entity_id = cities.entity_id and cities.city_rank = 1
    left join states on seen.entity_id = states.entity_id and states.state_rank = 1
    left join named on seen.entity_id = named.entity_id and named.name_rank = 1
    left join named as written on seen.entity_id = written.entity_id and entities.entity_name = written.raw_name
)
{%- endmacro %}
