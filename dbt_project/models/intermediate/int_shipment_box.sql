{{ config(touched_by='queue_box', touched_key='voyage_box_key') }}

-- One row per shipment and box. A box is a container number on one vessel and voyage with arrivals within seven days of
-- each other; the bills that share it split it by their kilograms in it, or equally where one has none.

{% set same_arrival_days = 7 %}

with touched as (
    select * from {{ ref('int_record_box') }}
    where {{ touched('queue_box', 'voyage_box_key') }}
),

in_force as (
    select identifier
    from {{ ref('int_shipment') }}
    where
        standing = 'in_force'
        -- said beforehand: the engine takes the smaller side for the larger one else
        {% if is_incremental() %}and identifier in (select touched.identifier from touched){% endif %}
),

boxes as (
    select
        touched.voyage_box_key,
        touched.identifier,
        touched.container_number,
        touched.teu,
        touched.kg_in_box,
        coalesce(touched.arrival_date, date '1900-01-01') as arrival_date
    from touched
    inner join in_force on touched.identifier = in_force.identifier
),

spaced as (
    select
        *,
        {{ days_between(
            'lag(arrival_date) over (partition by voyage_box_key order by arrival_date, identifier)', 'arrival_date'
        ) }} as days_since
    from boxes
),

numbered as (
    select
        *,
        sum(case when days_since > {{ same_arrival_days }} then 1 else 0 end) over (
            partition by voyage_box_key
            order by arrival_date, identifier
            rows between unbounded preceding and current row
        ) as arrival_number
    from spaced
),

weighed as (
    select
        *,
        case when min(kg_in_box) over box > 0 then kg_in_box else 1 end as part,
        max(teu) over box as box_teu
    from numbered
    window box as (partition by voyage_box_key, arrival_number)
),

added as (
    select
        *,
        sum(part) over box_so_far as part_so_far,
        sum(part) over box as part_of_all
    from weighed
    window
        box as (partition by voyage_box_key, arrival_number),
        box_so_far as (
            partition by voyage_box_key, arrival_number
            order by identifier
            rows between unbounded preceding and current row
        )
),

-- running sums are rounded, not the parts, so that the parts of a box add to 1 exactly
rounded as (
    select
        *,
        cast(round(part_so_far / part_of_all, 6) as decimal(18, 6)) as so_far
    from added
)

select
    identifier,
    voyage_box_key,
    cast(arrival_number as integer) as arrival_number,
    container_number,
    box_teu,
    cast(
        so_far - coalesce(
            lag(so_far) over (partition by voyage_box_key, arrival_number order by identifier), 0
        ) as decimal(18, 6)
    ) as containers
from rounded
