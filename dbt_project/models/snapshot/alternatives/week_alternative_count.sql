-- One row per buyer and product with the number of suppliers that qualify for it, its own ones included.
--
-- No buyer is compared with any supplier: among suppliers of one set of words in order of spare capacity, a need has a
-- rank, and that rank is the number of those that could meet it.

with counts as (
    select
        product_no,
        lowest_word,
        middle_word,
        highest_word,
        spare_capacity,
        max(rank) as suppliers
    from (
        select
            *,
            row_number() over (
                partition by product_no, lowest_word, middle_word, highest_word order by spare_capacity desc
            ) as rank
        from {{ ref('week_candidate_set') }}
    ) as ranked
    group by product_no, lowest_word, middle_word, highest_word, spare_capacity
),

asked as (
    select
        needs.need_no,
        needs.product_no,
        needs.need,
        sets.lowest_word,
        sets.middle_word,
        sets.highest_word,
        sets.coefficient
    from {{ ref('week_need_set') }} as sets
    inner join {{ ref('week_need') }} as needs on sets.need_no = needs.need_no
    where sets.coefficient <> 0
),

counted as (
    select
        asked.need_no,
        sum(asked.coefficient * counts.suppliers) as qualified
    from asked
    {{ join_next(
        'asked', 'counts', ['product_no', 'lowest_word', 'middle_word', 'highest_word'], 'need', 'spare_capacity'
    ) }}
    group by asked.need_no
)

select
    needs.consignee_id,
    needs.hs4,
    cast(coalesce(counted.qualified, 0) as bigint) as qualified
from {{ ref('week_need') }} as needs
left join counted on needs.need_no = counted.need_no
