-- One row per buyer's need and set of its words that make a supplier's texts like enough if it uses all of them.
--
-- Likeness is the part that the words have which a supplier uses too. So suppliers that are like enough are counted
-- from how many use each set at least: `coefficient` is how often those that use a set enter that sum (inclusion and
-- exclusion).

with sets as (
    -- a set of the first, second and third word is a number of three bits
    select
        numbers.word_set,
        numbers.word_set % 2 as first_in,
        cast(floor(numbers.word_set / 2) as integer) % 2 as second_in,
        cast(floor(numbers.word_set / 4) as integer) as third_in
    from (values (1), (2), (3), (4), (5), (6), (7)) as numbers (word_set)
),

needs as (
    select
        need_no,
        count(*) as words,
        max(case when rank = 1 then word_no end) as first_word,
        max(case when rank = 2 then word_no end) as second_word,
        max(case when rank = 3 then word_no end) as third_word,
        max(case when rank = 1 then part end) as first_part,
        coalesce(max(case when rank = 2 then part end), 0) as second_part,
        coalesce(max(case when rank = 3 then part end), 0) as third_part
    from {{ ref('week_need_word') }}
    group by need_no
),

judged as (
    select
        needs.need_no,
        sets.word_set,
        sets.first_in + sets.second_in + sets.third_in as words,
        {{ in_order_without_nulls(
            [
                'case when sets.first_in = 1 then needs.first_word end',
                'case when sets.second_in = 1 then needs.second_word end',
                'case when sets.third_in = 1 then needs.third_word end'
            ]
        ) }} as word_nos,
        round(
            sets.first_in * needs.first_part + sets.second_in * needs.second_part + sets.third_in * needs.third_part, 4
        ) as similarity
    from needs
    inner join sets on sets.word_set < power(2, needs.words)
),

passing as (
    select * from judged
    where similarity >= {{ threshold('likeness_line') }}
),

counted as (
    select
        passing.need_no,
        passing.word_set,
        sum(case when (passing.words - parts.words) % 2 = 0 then 1 else -1 end) as coefficient
    from passing
    inner join passing as parts
        on passing.need_no = parts.need_no and parts.word_set & passing.word_set = parts.word_set
    group by passing.need_no, passing.word_set
)

select
    passing.need_no,
    cast(passing.word_set as integer) as word_set,
    passing.similarity,
    coalesce({{ entry_of('passing.word_nos', 1) }}, 0) as lowest_word,
    coalesce({{ entry_of('passing.word_nos', 2) }}, 0) as middle_word,
    coalesce({{ entry_of('passing.word_nos', 3) }}, 0) as highest_word,
    cast(counted.coefficient as integer) as coefficient
from passing
inner join counted on passing.need_no = counted.need_no and passing.word_set = counted.word_set

union all

-- texts that say no more than the product itself leave all of its suppliers
select
    need_no,
    0 as word_set,
    cast(null as double) as similarity,
    0 as lowest_word,
    0 as middle_word,
    0 as highest_word,
    1 as coefficient
from {{ ref('week_need') }}
where need_no not in (select words.need_no from {{ ref('week_need_word') }} as words)
