-- One row per candidate and set of its words that some buyer asks for; the empty set is in every candidate.

with words as (
    select
        candidate_no,
        word_no
    from {{ ref('week_candidate_word') }}
),

sets as (
    select
        candidate_no,
        0 as lowest_word,
        0 as middle_word,
        0 as highest_word
    from {{ ref('week_candidate') }}

    union all

    select
        candidate_no,
        word_no as lowest_word,
        0 as middle_word,
        0 as highest_word
    from words

    union all

    select
        lower_words.candidate_no,
        lower_words.word_no as lowest_word,
        higher_words.word_no as middle_word,
        0 as highest_word
    from words as lower_words
    inner join words as higher_words
        on lower_words.candidate_no = higher_words.candidate_no and lower_words.word_no < higher_words.word_no

    union all

    select
        lower_words.candidate_no,
        lower_words.word_no as lowest_word,
        middle_words.word_no as middle_word,
        higher_words.word_no as highest_word
    from words as lower_words
    inner join words as middle_words
        on lower_words.candidate_no = middle_words.candidate_no and lower_words.word_no < middle_words.word_no
    inner join words as higher_words
        on middle_words.candidate_no = higher_words.candidate_no and middle_words.word_no < higher_words.word_no
),

-- a word has another number in each product, but the empty set is in all
asked as (
    -- distinct: many buyers ask for the same
    select distinct
        needs.product_no,
        sets.lowest_word,
        sets.middle_word,
        sets.highest_word
    from {{ ref('week_need_set') }} as sets
    inner join {{ ref('week_need') }} as needs on sets.need_no = needs.need_no
)

select
    candidates.product_no,
    sets.lowest_word,
    sets.middle_word,
    sets.highest_word,
    sets.candidate_no,
    candidates.spare_capacity
from sets
inner join {{ ref('week_candidate') }} as candidates on sets.candidate_no = candidates.candidate_no
inner join asked
    on
        candidates.product_no = asked.product_no
        and sets.lowest_word = asked.lowest_word
        and sets.middle_word = asked.middle_word
        and sets.highest_word = asked.highest_word
