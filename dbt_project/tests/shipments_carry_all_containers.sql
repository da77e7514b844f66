-- The parts of containers that shipments carry are all parts of these containers.
-- depends_on: {{ ref('int_changed_shipment') }}
with split as (
    select identifier, sum(containers) as containers
    from {{ ref('int_shipment_container') }}
    where {{ changed_in_test('int_changed_shipment', 'identifier') }}
    group by identifier
),

carried as (
    select identifier, containers
    from {{ ref('fct_shipment') }}
    where containers <> 0 and {{ changed_in_test('int_changed_shipment', 'identifier') }}
)

select
    coalesce(split.identifier, carried.identifier) as identifier,
    split.containers as containers_split,
    carried.containers as containers_carried
from split
full outer join carried on split.identifier = carried.identifier
where split.containers is distinct from carried.containers
