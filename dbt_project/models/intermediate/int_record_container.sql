{{ config(
    changed_by='int_changed_record',
    changed_key='identifier',
    tested_by='int_changed_release',
    tested_key='release_date'
) }}
{{ built_after('int_changed_record') }}

with containers as (
    select * from {{ ref('stg_container') }}
    where {{ pending_releases() }}
),

records as (
    select identifier, release_date, vessel_name, voyage_number, arrival_date, weight_kg
    from {{ ref('int_record') }}
    where {{ pending_releases() }}
),

sized as (
    select
        containers.identifier,
        containers.release_date,
        containers.container_number,
        cast(
            max({{ container_teu("containers.container_length", "containers.container_type") }}) as decimal(9, 2)
        ) as teu
    from containers
    group by containers.identifier, containers.release_date, containers.container_number
),

counted as (
    select
        *,
        count(*) over (partition by identifier, release_date) as containers_of_record
    from sized
)

select
    counted.identifier,
    counted.release_date,
    -- a container on one voyage: the bills that may share it
    {{ key_of("concat_ws('|', counted.container_number, " ~ vessel_key('records.vessel_name') ~ ", "
        ~ voyage_key('records.voyage_number') ~ ")") }} as voyage_container_key,
    counted.container_number,
    counted.teu,
    records.arrival_date,
    -- assumption: a bill's kilograms are spread evenly over its containers
    cast(coalesce(records.weight_kg / counted.containers_of_record, 0) as decimal(18, 6)) as kg_in_container
from counted
inner join records
    on counted.identifier = records.identifier and counted.release_date = records.release_date
