-- One row per buyer's need and alternative among its best, in order.

{%- set reaches = {
    'same_city': city_location('needs.country_code', 'needs.city'),
    'same_country': country_location('needs.country_code'),
    'elsewhere': anywhere()
} %}

with asked as (
    select
        needs.*,
        sets.word_set,
        sets.lowest_word,
        sets.middle_word,
        sets.highest_word
    from {{ ref('week_need_set') }} as sets
    inner join {{ ref('week_need') }} as needs on sets.need_no = needs.need_no
),

lists as (
    select * from {{ ref('week_short_list') }}
),

{% for reason, location in reaches.items() %}
{%- set nearness = loop.index %}
found_{{ reason }} as (
    select
        needs.need_no,
        lists.candidate_no,
        {{ nearness }} as nearness,
        bit_or(needs.word_set) as word_set,
        max(lists.experience) as experience
    from asked as needs
    inner join lists
        on
            needs.product_no = lists.product_no
            and {{ location }} = lists.location
            and needs.lowest_word = lists.lowest_word
            and needs.middle_word = lists.middle_word
            and needs.highest_word = lists.highest_word
    where
        needs.need <= lists.spare_capacity
        and (lists.buyer_band is null or lists.buyer_band = needs.buyer_band)
        -- farther only for those that have not enough nearby
        {%- for nearer in (reaches | list)[:loop.index0] %}
        and needs.need_no not in (
            select enough.need_no
            from found_{{ nearer }} as enough
            group by enough.need_no
            having count(*) >= {{ threshold('alternatives_kept') }}
        )
        {%- endfor %}
    group by needs.need_no, lists.candidate_no
),

{% endfor %}
found as (
    {% for reason in reaches -%}
    select * from found_{{ reason }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- one that is near is found in the wider lists too
nearest as (
    select
        need_no,
        candidate_no,
        min(nearness) as nearness,
        bit_or(word_set) as word_set,
        max(experience) as experience
    from found
    group by need_no, candidate_no
),

ranked as (
    select
        nearest.*,
        sets.similarity,
        row_number() over (
            partition by nearest.need_no
            order by
                nearest.nearness asc,
                sets.similarity desc,
                nearest.experience desc,
                candidates.spare_capacity desc,
                nearest.candidate_no asc
        ) as rank
    from nearest
    inner join {{ ref('week_candidate') }} as candidates on nearest.candidate_no = candidates.candidate_no
    inner join {{ ref('week_need_set') }} as sets
        on nearest.need_no = sets.need_no and nearest.word_set = sets.word_set
)

select
    need_no,
    cast(rank as integer) as rank,
    candidate_no,
    case nearness
        {% for reason in reaches -%}
        when {{ loop.index }} then '{{ reason }}'
        {% endfor %}
    end as reason,
    word_set,
    similarity,
    experience
from ranked
where rank <= {{ threshold('alternatives_kept') }}
