-- One row per buyer, product and alternative supplier among its best, with the evidence in words. Each part of the
-- sentence is made once for its need, candidate or set of words: rows are many times as many.

with needs as (
    select
        *,
        'In ' || city || ', where the largest supplier is. ' as city_in_words,
        'In ' || country_code || ', the largest supplier''s country. ' as country_in_words,
        ', ' || {{ volume_in_words('need', 'is_in_teu') }} || case when is_in_teu then ' TEU' else ' kg' end
        || ' are asked for. ' as need_in_words
    from {{ ref('week_need') }}
),

candidates as (
    select
        *,
        coalesce('In another country (' || country_code || '). ', 'Its country is not known. ') as elsewhere_in_words,
        bills_52w || ' bills of it to ' || customers_52w || ' unrelated customers in 52 weeks. '
        || 'Best 13 weeks of the ' || weeks_seen || ' seen ' || {{ volume_in_words('best_quarter', 'is_in_teu') }}
        || ', last 13 weeks ' || {{ volume_in_words('last_quarter', 'is_in_teu') }} || ': room for '
        || {{ volume_in_words('spare_capacity', 'is_in_teu') }} as trade_in_words
    from {{ ref('week_candidate') }}
),

-- the words of each set that a buyer's and a supplier's texts can share
sets as (
    select
        sets.need_no,
        sets.word_set,
        'Cargo texts share ' || string_agg(words.word, ', ' order by words.rank) || '.' as texts_in_words
    from {{ ref('week_need_set') }} as sets
    inner join {{ ref('week_need_word') }} as words
        on sets.need_no = words.need_no and cast(floor(sets.word_set / power(2, words.rank - 1)) as integer) % 2 = 1
    group by sets.need_no, sets.word_set
)

select
    week.as_of_week,
    needs.consignee_id,
    needs.hs4,
    candidates.supplier_id as alternative_supplier_id,
    found.rank,
    found.reason,
    coalesce(current_suppliers.supplier_id is not null, false) as already_supplies,
    candidates.spare_capacity,
    needs.need,
    case when needs.is_in_teu then 'teu' else 'kg' end as volume_unit,
    found.similarity,
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
        needs.need_in_words,
        coalesce(sets.texts_in_words, 'Cargo texts say no more than the product.')
    ) as evidence
from {{ ref('week_alternative') }} as found
cross join {{ ref('asof_week') }} as week
inner join needs on found.need_no = needs.need_no
inner join candidates on found.candidate_no = candidates.candidate_no
left join sets on found.need_no = sets.need_no and found.word_set = sets.word_set
left join {{ ref('week_alternative_own') }} as current_suppliers
    on
        needs.consignee_id = current_suppliers.consignee_id
        and needs.hs4 = current_suppliers.hs4
        and candidates.supplier_id = current_suppliers.supplier_id
        and candidates.supplier_id = current_suppliers.qualified_supplier_id
