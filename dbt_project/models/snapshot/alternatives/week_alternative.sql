-- One row per buyer's need and alternative among its best, in order.
--
-- A list has whoever is at least in its location, so of the wider lists those are left out that a nearer one has:
-- whoever is among the first of a country is among the first of its own city.

{%- set reaches = {
    'same_city': {'location': 'needs.city_location', 'is_nearer': 'false'},
    'same_country': {
        'location': 'needs.country_location', 'is_nearer': 'lists.city_location = needs.city_location'
    },
    'elsewhere': {
        'location': anywhere(), 'is_nearer': 'lists.country_location = needs.country_location'
    }
} %}

with needs as (
    select
        need_no,
        product_no,
        buyer_band,
        need,
        group_id,
        {{ country_location('country_code') }} as country_location,
        {{ city_location('country_code', 'city') }} as city_location
    from {{ ref('week_need') }}
),

lists as (
    select
        short_lists.product_no,
        short_lists.location,
        short_lists.buyer_band,
        short_lists.candidate_no,
        short_lists.experience,
        candidates.spare_quarter,
        candidates.customers_52w,
        candidates.only_customer_id,
        {{ country_location('candidates.country_code') }} as country_location,
        {{ city_location('candidates.country_code', 'candidates.city') }} as city_location
    from {{ ref('week_short_list') }} as short_lists
    inner join {{ ref('week_candidate') }} as candidates on short_lists.candidate_no = candidates.candidate_no
),

graded as (
    {% for reason, reach in reaches.items() -%}
    select
        needs.need_no,
        lists.candidate_no,
        lists.experience,
        {{ loop.index }} as nearness,
        {{ grade_of('lists', 'needs') }} as grade
    from needs
    inner join lists
        on
            needs.product_no = lists.product_no
            and needs.buyer_band = lists.buyer_band
            and {{ reach.location }} = lists.location
    where not coalesce({{ reach.is_nearer }}, false)
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

ranked as (
    select
        *,
        -- candidates are numbered in order of capacity
        row_number() over (
            partition by need_no order by grade asc, nearness asc, experience desc, candidate_no asc
        ) as rank
    from graded
)

select
    need_no,
    cast(rank as integer) as rank,
    candidate_no,
    grade,
    case nearness
        {% for reason in reaches -%}
        when {{ loop.index }} then '{{ reason }}'
        {% endfor %}
    end as reason,
    experience
from ranked
where rank <= {{ threshold('alternatives_kept') }}
