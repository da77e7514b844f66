{{ config(
    touched_by='queue_record',
    touched_key='identifier',
    tonight_by='queue_release',
    tonight_key='release_date'
) }}
{{ built_after('queue_record') }}

-- One row per record and container: each container number once, with its size where one is given and the record's
-- kilograms in it.

with containers as (
    select * from {{ ref('stg_container') }}
    where {{ pending_releases() }}
),

records as (
    select identifier, release_date, vessel_name, voyage_number, arrival_date, weight_kg
    from {{ ref('int_record') }}
    where {{ pending_releases() }}
),

boxes as (
    select
        containers.identifier,
        containers.release_date,
        containers.container_number,
        cast(max({{ container_teu("containers.container_length", "containers.container_type") }}) as decimal(9, 2)) as teu
    from containers
    group by containers.identifier, containers.release_date, containers.container_number
),

counted as (
    select
        *,
        count(*) over (partition by identifier, release_date) as boxes_of_record
    from boxes
)

select
    counted.identifier,
    counted.release_date,
    -- a box on one voyage: the bills that may share it
    {{ key_of("concat_ws('|', counted.container_number, records.vessel_name, records.voyage_number)") }}
        as voyage_container_key,
    counted.container_number,
    counted.teu,
    records.arrival_date,
    -- a bill's kilograms are taken as spread evenly over its boxes
    cast(coalesce(records.weight_kg / counted.boxes_of_record, 0) as decimal(18, 6)) as kg_in_container
from counted
inner join records
    on counted.identifier = records.identifier and counted.release_date = records.release_date
