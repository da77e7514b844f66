{{ config(materialized='view') }}

-- One row per bill of asof_shipment and recorded code (one without a code has one): what its product is judged by.

with bills as (
    select
        identifier,
        supplier_id,
        supplier_visibility,
        week_start_date,
        description,
        text_key
    from {{ ref('asof_shipment') }}
)

select
    bills.identifier,
    bills.supplier_id,
    bills.supplier_visibility,
    bills.week_start_date,
    bills.description,
    bills.text_key,
    codes.hs4,
    coalesce(codes.hs_source, 'none') as hs_source,
    coalesce(codes.codes, 0) as codes
from bills
left join {{ ref('int_record_hs') }} as codes on bills.identifier = codes.identifier
