-- One row per shipment and late container, split between the bills that shared it at the cut-off. Late are those of a
-- late family's shipments, as they are and as they were at the cut-off.

with moved as (
    select identifier
    from {{ ref('late_shipment') }}
    where bill_state = 'in_force'

    union

    select identifier
    from {{ ref('int_shipment') }}
    where
        bill_state = 'in_force'
        and family_key in (select late.family_key from {{ ref('late_family') }} as late)
),

late_containers as (
    select voyage_container_key
    from {{ ref('int_record_container') }}
    where identifier in (select moved.identifier from moved)
),

record_containers as (
    {{ rows_in(ref('int_record_container'), 'voyage_container_key', 'late_containers') }}
),

in_force as (
    select identifier
    from {{ ref('late_shipment') }}
    where bill_state = 'in_force'

    union all

    select identifier
    from {{ ref('int_shipment') }}
    where
        bill_state = 'in_force'
        and identifier in (select record_containers.identifier from record_containers)
        and family_key not in (select late.family_key from {{ ref('late_family') }} as late)
),

{{ container_parts('record_containers', 'in_force') }}

select
    identifier,
    voyage_container_key,
    arrival_number,
    container_number,
    container_teu,
    containers
from container_parts
