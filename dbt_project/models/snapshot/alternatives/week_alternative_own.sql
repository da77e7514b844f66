-- One row per buyer, product and group of a current supplier (the supplier itself where it has none) with the number of
-- its suppliers of each grade: what is taken off the count when alternatives to that supplier are asked for.

-- distinct: sisters may both supply the buyer
with supplied as (
    select distinct
        volumes.consignee_id,
        volumes.hs4,
        sellers.group_id
    from {{ ref('week_volume') }} as volumes
    inner join {{ ref('week_supplier_entity') }} as sellers on volumes.supplier_id = sellers.supplier_id
    where volumes.consignee_id is not null and volumes.hs4 is not null
),

graded as (
    select
        supplied.consignee_id,
        supplied.hs4,
        supplied.group_id,
        {{ grade_of('candidates', 'needs') }} as grade
    from supplied
    inner join {{ ref('week_need') }} as needs
        on supplied.consignee_id = needs.consignee_id and supplied.hs4 = needs.hs4
    inner join {{ ref('week_candidate') }} as candidates
        on supplied.hs4 = candidates.hs4 and supplied.group_id = candidates.group_id
)

select
    consignee_id,
    hs4,
    group_id,
    count(*) filter (where grade = 'A') as grade_a,
    count(*) filter (where grade = 'B') as grade_b,
    count(*) filter (where grade = 'C') as grade_c
from graded
group by consignee_id, hs4, group_id
