-- One row per buyer, product and alternative supplier among its best, with the figures of its evidence.

with current_suppliers as (
    -- distinct: a row per origin; numbers, since they join faster than names
    select distinct needs.need_no, candidates.candidate_no
    from {{ ref('week_volume') }} as volumes
    inner join {{ ref('week_need') }} as needs
        on volumes.consignee_id = needs.consignee_id and volumes.hs4 = needs.hs4
    inner join {{ ref('week_candidate') }} as candidates
        on volumes.supplier_id = candidates.supplier_id and volumes.hs4 = candidates.hs4
)

select
    week.as_of_week,
    needs.consignee_id,
    needs.hs4,
    candidates.supplier_id as alternative_supplier_id,
    found.rank,
    found.grade,
    found.reason,
    current_suppliers.need_no is not null as already_supplies,
    cast(candidates.best_window - candidates.last_window as decimal(18, 6)) as spare_capacity,
    cast(
        needs.need * coalesce(candidates.window_weeks, {{ quarter_weeks() }}) / {{ quarter_weeks() }} as decimal(18, 6)
    ) as need,
    candidates.window_weeks,
    case when needs.is_in_teu then 'teu' else 'kg' end as volume_unit,
    likenesses.similarity,
    found.experience,
    candidates.bills_52w,
    candidates.customers_52w,
    candidates.weeks_seen,
    coalesce(candidates.supplier_id = needs.largest_supplier_id, false) as is_largest,
    candidates.last_window,
    likenesses.shared_words
from {{ ref('week_alternative') }} as found
cross join {{ ref('asof_week') }} as week
inner join {{ ref('week_need') }} as needs on found.need_no = needs.need_no
inner join {{ ref('week_candidate') }} as candidates on found.candidate_no = candidates.candidate_no
left join {{ ref('week_likeness') }} as likenesses
    on found.need_no = likenesses.need_no and found.candidate_no = likenesses.candidate_no
left join current_suppliers
    on found.need_no = current_suppliers.need_no and found.candidate_no = current_suppliers.candidate_no
-- only where all suppliers of the product are loaded
where exists (
    select 1
    from {{ ref('week_scope') }} as scopes
    where
        scopes.side = 'all'
        or (
            {{ covers_product('scopes', 'needs.hs4') }}
        )
)
