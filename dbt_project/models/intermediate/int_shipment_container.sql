{{ config(touched_by='queue_box', touched_key='voyage_container_key') }}

-- One row per shipment and box. A box is a container number on one vessel and voyage with arrivals within seven days of
-- each other; the bills that share it split it by their kilograms in it, or equally where one has none.

with touched as (
    select * from {{ ref('int_record_container') }}
    where {{ touched('queue_box', 'voyage_container_key') }}
),

in_force as (
    select identifier
    from {{ ref('int_shipment') }}
    where
        bill_state = 'in_force'
        -- said beforehand: the engine takes the smaller side for the larger one else
        {% if is_incremental() %}and identifier in (select touched.identifier from touched){% endif %}
),

{{ boxes_split('touched', 'in_force') }}
