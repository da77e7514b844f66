-- One row per box of a late family's shipments, as they stand and as they stood at the cut-off: its bills
-- split it anew.

with in_force as (
    select identifier
    from {{ ref('late_shipment') }}
    where bill_state = 'in_force'

    union

    select identifier
    from {{ ref('int_shipment') }}
    where
        bill_state = 'in_force'
        and family_key in (select late.family_key from {{ ref('late_family') }} as late)
)

select distinct voyage_container_key
from {{ ref('int_record_container') }}
where identifier in (select in_force.identifier from in_force)
