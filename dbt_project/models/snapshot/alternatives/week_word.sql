-- One row per product and word that distinguishes its goods: used by several suppliers and several buyers, and not by
-- firms of every trade.

with used as (
    select
        product_no,
        word,
        count(distinct candidate_no) as candidates,
        min(first_supplier) < max(last_supplier) and min(first_consignee) < max(last_consignee) as is_of_several
    from {{ ref('week_word_use') }}
    group by product_no, word
),

spread as (
    select
        word,
        count(*) as products
    from used
    group by word
),

products as (
    select
        count(distinct product_no) as products
    from used
),

crowds as (
    select
        product_no,
        count(*) as candidates
    from {{ ref('week_candidate') }}
    group by product_no
)

select
    used.product_no,
    used.word,
    cast(row_number() over (order by used.product_no, used.word) as integer) as word_no,
    -- the fewer suppliers use it, the more specific it is
    ln(1 + crowds.candidates / greatest(used.candidates, 1)) as weight
from used
inner join spread on used.word = spread.word
inner join crowds on used.product_no = crowds.product_no
cross join products
where
    used.word not in (select small.word from {{ ref('small_word') }} as small)
    and used.is_of_several
    and (
        spread.products < {{ threshold('likeness_least_products') }}
        or spread.products <= {{ threshold('likeness_common_part') }} * products.products
    )
