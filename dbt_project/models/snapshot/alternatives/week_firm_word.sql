-- One row per buyer's need or candidate and word that is characteristic of what it buys (three at most) or ships, with
-- the part that the word has among them.

with ranked as (
    select
        uses.need_no,
        uses.candidate_no,
        words.word_no,
        words.word,
        uses.bills * words.weight as weight,
        row_number() over (
            partition by uses.need_no, uses.candidate_no order by uses.bills * words.weight desc, words.word asc
        ) as rank
    from {{ ref('week_word_use') }} as uses
    inner join {{ ref('week_word') }} as words on uses.product_no = words.product_no and uses.word = words.word
)

select
    need_no,
    candidate_no,
    word_no,
    word,
    cast(rank as integer) as rank,
    round(weight / sum(weight) over (partition by need_no, candidate_no), 6) as part
from ranked
where
    rank
    <= case when candidate_no is null then {{ words_of_buyer() }} else {{ threshold('likeness_words_of_supplier') }} end
