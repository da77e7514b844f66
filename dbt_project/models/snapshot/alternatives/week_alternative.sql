-- One row per buyer's need and alternative among its best, in order.

{%- set reaches = {
    'same_city': city_location('needs.country_code', 'needs.city'),
    'same_country': country_location('needs.country_code'),
    'elsewhere': anywhere()
} %}

with found as (
    {% for reason, location in reaches.items() -%}
    select
        needs.need_no,
        lists.candidate_no,
        {{ loop.index }} as nearness,
        lists.experience
    from {{ ref('week_need') }} as needs
    inner join {{ ref('week_short_list') }} as lists
        on needs.product_no = lists.product_no and {{ location }} = lists.location
    where lists.buyer_band is null or lists.buyer_band = needs.buyer_band
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- one that is near is found in the wider lists too
nearest as (
    select
        need_no,
        candidate_no,
        min(nearness) as nearness,
        max(experience) as experience
    from found
    group by need_no, candidate_no
),

graded as (
    select
        nearest.*,
        candidates.spare_quarter,
        candidates.volume_52w,
        {{ grade_of('candidates', 'needs') }} as grade
    from nearest
    inner join {{ ref('week_candidate') }} as candidates on nearest.candidate_no = candidates.candidate_no
    inner join {{ ref('week_need') }} as needs on nearest.need_no = needs.need_no
),

ranked as (
    select
        *,
        row_number() over (
            partition by need_no
            order by
                grade asc,
                nearness asc,
                experience desc,
                spare_quarter desc nulls last,
                volume_52w desc,
                candidate_no asc
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
