-- One row per buyer's need and word that is characteristic of what it buys (three at most), with the part that the word
-- has in likeness.

with ranked as (
    select
        uses.need_no,
        words.word_no,
        words.word,
        uses.bills * words.weight as weight,
        row_number() over (
            partition by uses.need_no order by uses.bills * words.weight desc, words.word asc
        ) as rank
    from {{ ref('week_word_use') }} as uses
    inner join {{ ref('week_word') }} as words on uses.product_no = words.product_no and uses.word = words.word
    where uses.need_no is not null
)

select
    need_no,
    word_no,
    word,
    cast(rank as integer) as rank,
    round(weight / sum(weight) over (partition by need_no), 6) as part
from ranked
where rank <= {{ words_of_buyer() }}
