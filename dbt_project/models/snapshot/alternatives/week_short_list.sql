-- One row per product, location and size of buyer, and candidate among the first of some experience with such buyers.
--
-- The order of alternatives ends with capacity. So whatever a buyer needs, those among its best 20 that are alike in
-- location and experience are the first of that list: 20 of each list are enough for every need. A list has all
-- that are at least in the location; the list that asks for no experience is the same for all sizes of buyers.

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
        buyer_band,
        {{ unnested('[' ~ anywhere() ~ ', ' ~ country_location('country_code') ~ ', '
            ~ city_location('country_code', 'city') ~ ']') }} as location
    from {{ ref('week_need') }}
),

-- distinct: a row per size of buyer
places as (
    select distinct product_no, location
    from asked
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
                candidates.spare_quarter is null asc,
                candidates.customers_52w > 0 desc,
                candidates.candidate_no asc
        ) as list_rank
    from {{ ref('week_candidate') }} as candidates
    inner join reaches on candidates.candidate_no = reaches.candidate_no
    inner join places on candidates.product_no = places.product_no and reaches.location = places.location
    inner join experiences on candidates.candidate_no = experiences.candidate_no
),

listed as (
    select *
    from ranked
    where list_rank <= {{ threshold('alternatives_kept') }}
),

of_bands as (
    select
        listed.product_no,
        listed.location,
        asked.buyer_band,
        listed.candidate_no,
        listed.experience
    from listed
    inner join asked on listed.product_no = asked.product_no and listed.location = asked.location
    where listed.buyer_band is null

    union all

    select
        product_no,
        location,
        buyer_band,
        candidate_no,
        experience
    from listed
    where buyer_band is not null
)

-- one of experience is in the list that asks for none too
select
    product_no,
    location,
    buyer_band,
    candidate_no,
    max(experience) as experience
from of_bands
group by product_no, location, buyer_band, candidate_no
