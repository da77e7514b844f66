with source as (
    select * from {{ source('raw', 'header') }}
),

statuses as (
    select * from {{ ref('code_words') }}
    where kind = 'record_status'
)

select
    source.release_date,
    source.identifier,
    upper(source.carrier_code) as carrier_scac,
    upper(source.vessel_name) as vessel_name,
    source.port_of_unlading as us_port,
    source.foreign_port_of_lading,
    source.estimated_arrival_date,
    source.actual_arrival_date,
    source.manifest_quantity as quantity,
    upper(source.manifest_unit) as quantity_unit,
    source.weight as weight_raw,
    source.weight_unit,
    coalesce(statuses.code, source.record_status_indicator) as record_status,
    source.foreign_port_of_destination,
    source.in_bond_entry_type,
    source.conveyance_id
from source
left join statuses on {{ code_word('source.record_status_indicator') }} = statuses.word
