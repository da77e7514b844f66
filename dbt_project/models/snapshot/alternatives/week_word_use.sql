-- One row per candidate or buyer of a product and word of its cargo texts: in how many of its drawn bills the word
-- stands.

with bills as (
    select
        bills.identifier,
        parts.hs4,
        bills.supplier_key,
        bills.consignee_key,
        {{ uniform_of('bills.identifier') }} as draw
    from {{ ref('week_bill') }} as bills
    inner join {{ ref('asof_product') }} as parts on bills.identifier = parts.identifier
    cross join {{ ref('asof_week') }} as week
    where
        bills.week_number > week.week_number - {{ weeks_of_year() }}
        and parts.hs4 is not null
),

drawn as (
    select
        bills.identifier,
        candidates.product_no,
        candidates.candidate_no,
        cast(null as integer) as need_no,
        bills.supplier_key,
        bills.consignee_key
    from bills
    inner join {{ ref('week_candidate') }} as candidates
        on bills.hs4 = candidates.hs4 and bills.supplier_key = candidates.supplier_key
    where bills.draw < candidates.text_draw

    union all

    select
        bills.identifier,
        needs.product_no,
        cast(null as integer) as candidate_no,
        needs.need_no,
        bills.supplier_key,
        bills.consignee_key
    from bills
    inner join {{ ref('week_need') }} as needs
        on bills.hs4 = needs.hs4 and bills.consignee_key = needs.consignee_key
    where bills.draw < needs.text_draw
),

-- texts last, of the drawn bills only: they are most of what a bill weighs
words as (
    select
        drawn.product_no,
        drawn.candidate_no,
        drawn.need_no,
        drawn.supplier_key,
        drawn.consignee_key,
        {{ unnested(words_of(
            'left(shipments.description, cast(' ~ threshold('likeness_text_length') ~ ' as integer))'
        )) }} as word
    from {{ ref('asof_shipment') }} as shipments
    inner join drawn on shipments.identifier = drawn.identifier
    where shipments.description is not null
)

select
    product_no,
    candidate_no,
    need_no,
    word,
    cast(count(*) as integer) as bills,
    -- first and last differ where there are several, on either side
    min(supplier_key) as first_supplier,
    max(supplier_key) as last_supplier,
    min(consignee_key) as first_consignee,
    max(consignee_key) as last_consignee
from words
group by product_no, candidate_no, need_no, word
