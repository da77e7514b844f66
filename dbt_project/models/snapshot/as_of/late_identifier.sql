-- One row per shipment that stands or stood otherwise at the cut-off, by the delivery row of its version in force;
-- was it in force then, it is built anew.

with known as (
    select identifier
    from {{ ref('late_shipment') }}
    where bill_state = 'in_force'

    union

    select identifier
    from {{ ref('late_shipment_container') }}
),

later as (
    select identifier
    from {{ ref('int_shipment') }}
    where
        bill_state = 'in_force'
        and family_key in (select late.family_key from {{ ref('late_family') }} as late)
        and identifier not in (select known.identifier from known)
)

select identifier, true as was_in_force
from known

union all

select identifier, false as was_in_force
from later
