with source as (
    select * from {{ source('raw', 'header') }}
)

select
    release_date,
    identifier,
    upper(carrier_code) as carrier_scac,
    upper(vessel_name) as vessel_name,
    port_of_unlading as us_port,
    foreign_port_of_lading,
    estimated_arrival_date,
    actual_arrival_date,
    manifest_quantity as quantity,
    upper(manifest_unit) as quantity_unit,
    weight as weight_raw,
    weight_unit,
    record_status_indicator as record_status,
    foreign_port_of_destination,
    in_bond_entry_type,
    conveyance_id
from source
