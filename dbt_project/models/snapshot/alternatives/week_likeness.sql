-- One row per buyer's need and alternative among its best that share words of their cargo texts: how alike they are.

select
    found.need_no,
    found.candidate_no,
    round(sum(need_words.part), 4) as similarity,
    string_agg(need_words.word, ', ' order by need_words.rank) as shared_words
from {{ ref('week_alternative') }} as found
inner join {{ ref('week_firm_word') }} as need_words on found.need_no = need_words.need_no
inner join {{ ref('week_firm_word') }} as candidate_words
    on found.candidate_no = candidate_words.candidate_no and need_words.word_no = candidate_words.word_no
group by found.need_no, found.candidate_no
