-- One row per candidate and word that is characteristic of what it ships.

with ranked as (
    select
        uses.candidate_no,
        words.word_no,
        row_number() over (
            partition by uses.candidate_no order by uses.bills * words.weight desc, words.word asc
        ) as rank
    from {{ ref('week_word_use') }} as uses
    inner join {{ ref('week_word') }} as words on uses.product_no = words.product_no and uses.word = words.word
    where uses.candidate_no is not null
)

select
    candidate_no,
    word_no
from ranked
where rank <= {{ threshold('likeness_words_of_supplier') }}
