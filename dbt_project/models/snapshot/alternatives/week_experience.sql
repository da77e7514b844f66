-- One row per candidate and size of buyer with the number of unrelated buyers of that size that it serves in the
-- product.

select
    candidates.candidate_no,
    needs.buyer_band,
    cast(
        least(
            count(distinct coalesce(buyers.group_id, volumes.consignee_id)), {{ threshold('experience_most') }}
        ) as integer
    ) as experience
from {{ ref('week_volume') }} as volumes
inner join {{ ref('week_candidate') }} as candidates
    on volumes.hs4 = candidates.hs4 and volumes.supplier_id = candidates.supplier_id
inner join {{ ref('week_need') }} as needs
    on volumes.hs4 = needs.hs4 and volumes.consignee_id = needs.consignee_id
left join {{ ref('dim_consignee') }} as buyers on volumes.consignee_id = buyers.consignee_id
group by candidates.candidate_no, needs.buyer_band
