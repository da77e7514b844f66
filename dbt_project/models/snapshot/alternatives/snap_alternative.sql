-- One row per buyer, product and alternative supplier among its best, with the evidence in words. Each part of the
-- sentence is made once for its need or candidate: rows are many times as many.

with needs as (
    select
        *,
        'In ' || city || ', where the largest supplier is. ' as city_in_words,
        'In the largest supplier''s country. ' as country_in_words,
        {{ volume_in_words('need', 'is_in_teu') }} || ' are needed. ' as need_in_words
    from {{ ref('week_need') }}
),

candidates as (
    select
        *,
        case when country_code is null then 'Its country is not known. ' else 'In another country. ' end
            as elsewhere_in_words,
        case
            when bills_52w > 0
                then
                    bills_52w || case when bills_52w = 1 then ' bill of it to ' else ' bills of it to ' end
                    || customers_52w
                    || case when customers_52w = 1 then ' named customer' else ' unrelated named customers' end
                    || ' in 52 weeks. '
            else 'It shipped the product within three years, but not in the last 52 weeks. '
        end as trade_in_words,
        'Best ' || window_weeks || ' of the ' || weeks_seen || ' weeks seen: '
        || {{ volume_in_words('best_window', 'is_in_teu') }} || '; last ' || window_weeks || ' weeks: '
        || {{ volume_in_words('last_window', 'is_in_teu') }} || '. Room for '
        || {{ volume_in_words('spare_quarter', 'is_in_teu') }} || ' a quarter, where ' as room_in_words
    from {{ ref('week_candidate') }}
),

-- distinct: a row per product
current_suppliers as (
    select distinct consignee_id, hs4, supplier_id
    from {{ ref('week_volume') }}
    where consignee_id is not null and hs4 is not null and supplier_id is not null
)

select
    week.as_of_week,
    needs.consignee_id,
    needs.hs4,
    candidates.supplier_id as alternative_supplier_id,
    found.rank,
    found.grade,
    found.reason,
    coalesce(current_suppliers.supplier_id is not null, false) as already_supplies,
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
    concat(
        case
            when candidates.supplier_id = needs.largest_supplier_id then 'The largest supplier now. '
            when current_suppliers.supplier_id is not null then 'Supplies this buyer already. '
        end,
        case found.reason
            when 'same_city' then needs.city_in_words
            when 'same_country' then needs.country_in_words
            else candidates.elsewhere_in_words
        end,
        candidates.trade_in_words,
        case
            when found.grade = 'A' then candidates.room_in_words || needs.need_in_words
            else 'Whether it could take the volume the records do not show. '
        end,
        'Cargo texts share ' || likenesses.shared_words || '.'
    ) as evidence
from {{ ref('week_alternative') }} as found
cross join {{ ref('asof_week') }} as week
inner join needs on found.need_no = needs.need_no
inner join candidates on found.candidate_no = candidates.candidate_no
left join {{ ref('week_likeness') }} as likenesses
    on found.need_no = likenesses.need_no and found.candidate_no = likenesses.candidate_no
left join current_suppliers
    on
        needs.consignee_id = current_suppliers.consignee_id
        and needs.hs4 = current_suppliers.hs4
        and candidates.supplier_id = current_suppliers.supplier_id
