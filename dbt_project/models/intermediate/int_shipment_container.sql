{{ config(changed_by='int_changed_container', changed_key='voyage_container_key') }}

with record_containers as (
    select * from {{ ref('int_record_container') }}
    where {{ changed('int_changed_container', 'voyage_container_key') }}
),

in_force as (
    select identifier
    from {{ ref('int_shipment') }}
    where
        bill_state = 'in_force'
        -- filtered before the join: DuckDB otherwise builds the hash table on the larger side
        {% if is_incremental() %}
        and identifier in (select record_containers.identifier from record_containers)
        {% endif %}
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
