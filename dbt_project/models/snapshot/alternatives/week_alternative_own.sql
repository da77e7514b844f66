-- One row per buyer, product, current supplier and qualified supplier that is that supplier itself or of its group:
-- what is taken off the count when alternatives to that supplier are asked for.

with pairs as (
    select
        needs.need_no,
        needs.consignee_id,
        needs.hs4,
        volumes.supplier_id,
        candidates.supplier_id as qualified_supplier_id,
        candidates.candidate_no
    from {{ ref('week_volume') }} as volumes
    inner join {{ ref('week_need') }} as needs
        on volumes.consignee_id = needs.consignee_id and volumes.hs4 = needs.hs4
    inner join {{ ref('dim_supplier') }} as suppliers on volumes.supplier_id = suppliers.supplier_id
    inner join {{ ref('week_candidate') }} as candidates
        on
            needs.hs4 = candidates.hs4
            and coalesce(suppliers.group_id, suppliers.supplier_id) = candidates.group_id
            and needs.need <= candidates.spare_capacity
),

alike as (
    select
        pairs.need_no,
        pairs.supplier_id,
        pairs.candidate_no,
        round(sum(case when candidate_words.word_no is not null then need_words.part end), 4) as similarity
    from pairs
    inner join {{ ref('week_need_word') }} as need_words on pairs.need_no = need_words.need_no
    left join {{ ref('week_candidate_word') }} as candidate_words
        on pairs.candidate_no = candidate_words.candidate_no and need_words.word_no = candidate_words.word_no
    group by pairs.need_no, pairs.supplier_id, pairs.candidate_no
)

select
    pairs.consignee_id,
    pairs.hs4,
    pairs.supplier_id,
    pairs.qualified_supplier_id
from pairs
left join alike
    on
        pairs.need_no = alike.need_no
        and pairs.supplier_id = alike.supplier_id
        and pairs.candidate_no = alike.candidate_no
where
    alike.similarity >= {{ threshold('likeness_line') }}
    or pairs.need_no not in (select words.need_no from {{ ref('week_need_word') }} as words)
