-- One row per product, location and experience, and candidate among the first of them.
--
-- The order of alternatives ends with capacity. So whatever a buyer needs, those among its best 20 that are alike in
-- location and experience are the first of that list: 20 of each list are enough for every need. A list has all
-- that are at least in the location; `buyer_band` is null in lists that ask for no experience.

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
        candidates.product_no,
        reaches.location,
        experiences.buyer_band,
        experiences.experience,
        candidates.candidate_no,
        row_number() over (
            partition by candidates.product_no, reaches.location, experiences.buyer_band, experiences.experience
            order by
                candidates.spare_quarter desc nulls last,
                candidates.customers_52w > 0 desc,
                candidates.volume_52w desc,
                candidates.candidate_no asc
        ) as list_rank
    from {{ ref('week_candidate') }} as candidates
    inner join reaches on candidates.candidate_no = reaches.candidate_no
    inner join asked on candidates.product_no = asked.product_no and reaches.location = asked.location
    inner join experiences on candidates.candidate_no = experiences.candidate_no
)

select
    product_no,
    location,
    buyer_band,
    experience,
    candidate_no
from ranked
where list_rank <= {{ threshold('alternatives_kept') }}
