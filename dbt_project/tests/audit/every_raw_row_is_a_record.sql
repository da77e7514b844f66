-- Every identifier of the accepted releases that has both its header and its bill numbers is one record.
with delivered as (
    select distinct header.identifier
    from {{ ref('stg_header') }} as header
    inner join {{ ref('stg_billgen') }} as billgen
        on header.identifier = billgen.identifier and header.release_date = billgen.release_date
    where header.release_date in (select applied.release_date from {{ ref('int_release_applied') }} as applied)
)

select
    delivered.identifier as identifier_delivered,
    records.identifier as identifier_built
from delivered
full outer join {{ ref('int_record') }} as records on delivered.identifier = records.identifier
where delivered.identifier is null or records.identifier is null
