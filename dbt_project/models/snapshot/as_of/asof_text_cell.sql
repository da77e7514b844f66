-- One row per bill without a product whose cargo text has a cell of the text model.

with bills as (
    select identifier, description
    from {{ ref('asof_shipment') }}
    where description is not null
),

unknown as (
    select identifier
    from {{ ref('fct_shipment_product') }}
    where hs4 is null and identifier not in (select late.identifier from {{ ref('late_identifier') }} as late)

    union

    select identifier
    from {{ ref('late_product') }}
    where hs4 is null
),

keyed as (
    select
        bills.identifier,
        {{ key_of('bills.description') }} as text_key
    from bills
    inner join unknown on bills.identifier = unknown.identifier
)

select
    keyed.identifier,
    cells.hs4,
    cells.confidence
from keyed
inner join {{ ref('stg_text_cell') }} as cells on keyed.text_key = cells.text_key
