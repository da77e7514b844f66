-- Shipments carry as many containers as there are: however many bills share one, it counts once.
with containers as (
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
    containers.found as containers_found,
    shipments.found as containers_carried
from containers
cross join shipments
where containers.found <> shipments.found
