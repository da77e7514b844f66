-- One row per named supplier and consignee that may belong together: their names begin with the same word, which begins
-- few others.

-- a word that begins many names is a place or a trade
with seller_words as (
    select first_word, count(*) as firms
    from {{ ref('week_seller') }}
    group by first_word
),

customer_words as (
    select first_word, count(*) as firms
    from {{ ref('week_customer') }}
    group by first_word
),

telling as (
    select seller_words.first_word
    from seller_words
    inner join customer_words on seller_words.first_word = customer_words.first_word
    cross join {{ ref('week_rule') }} as rules
    where
        length(seller_words.first_word) >= rules.related_word_letters
        and seller_words.firms <= rules.related_word_firms
        and customer_words.firms <= rules.related_word_firms
)

select
    pairs.supplier_key,
    pairs.consignee_key
from {{ ref('week_pair_share') }} as pairs
inner join {{ ref('week_seller') }} as sellers on pairs.supplier_key = sellers.supplier_key
inner join {{ ref('week_customer') }} as customers on pairs.consignee_key = customers.consignee_key
inner join telling on sellers.first_word = telling.first_word
where sellers.first_word = customers.first_word
