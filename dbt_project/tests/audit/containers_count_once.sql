-- There are as many boxes as boxes: however many bills share one, it counts once.
with boxes as (
    select count(*) as found
    from (
        select distinct voyage_container_key, arrival_number
        from {{ ref('int_shipment_container') }}
    ) as once
),

shipments as (
    select coalesce(sum(containers), 0) as found
    from {{ ref('fct_shipment') }}
)

select
    boxes.found as boxes_found,
    shipments.found as containers_found
from boxes
cross join shipments
where boxes.found <> shipments.found
