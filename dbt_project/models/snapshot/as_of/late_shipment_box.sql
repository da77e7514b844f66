-- One row per shipment and late box, split between the bills that shared it at the cut-off.

with record_containers as (
    {{ rows_in(ref('int_record_container'), 'voyage_container_key', ref('late_box')) }}
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
