-- One row per product, location, set of words and experience, and candidate among those of most spare capacity.
--
-- The order of alternatives ends with spare capacity. So whatever a buyer needs, those among its best 20 that are
-- alike in location, words and experience are the first of that list: 20 of each list are enough for every need. A list
-- has all that are at least in the location and use at least the words; `buyer_band` is null in lists that ask for no
-- experience.

with reaches as (
    select
        candidate_no,
        {{ anywhere() }} as location
    from {{ ref('week_candidate') }}

    union all

    select
        candidate_no,
        {{ country_location('country_code') }} as location
    from {{ ref('week_candidate') }}
    where country_code is not null

    union all

    select
        candidate_no,
        {{ city_location('country_code', 'city') }} as location
    from {{ ref('week_candidate') }}
    where country_code is not null and city is not null
),

experiences as (
    select
        candidate_no,
        cast(null as integer) as buyer_band,
        0 as experience
    from {{ ref('week_candidate') }}

    union all

    select
        candidate_no,
        buyer_band,
        experience
    from {{ ref('week_experience') }}
),

-- distinct: locations of current suppliers, around which alternatives are searched
asked as (
    select distinct
        product_no,
        {{ unnested('[' ~ anywhere() ~ ', ' ~ country_location('country_code') ~ ', '
            ~ city_location('country_code', 'city') ~ ']') }} as location
    from {{ ref('week_need') }}
),

ranked as (
    select
        sets.*,
        reaches.location,
        experiences.buyer_band,
        experiences.experience,
        row_number() over (
            partition by
                sets.product_no,
                reaches.location,
                sets.lowest_word,
                sets.middle_word,
                sets.highest_word,
                experiences.buyer_band,
                experiences.experience
            order by sets.spare_capacity desc, sets.candidate_no asc
        ) as list_rank
    from {{ ref('week_candidate_set') }} as sets
    inner join reaches on sets.candidate_no = reaches.candidate_no
    inner join asked on sets.product_no = asked.product_no and reaches.location = asked.location
    inner join experiences on sets.candidate_no = experiences.candidate_no
)

select
    product_no,
    location,
    lowest_word,
    middle_word,
    highest_word,
    buyer_band,
    experience,
    candidate_no,
    spare_capacity
from ranked
where list_rank <= {{ threshold('alternatives_kept') }}
