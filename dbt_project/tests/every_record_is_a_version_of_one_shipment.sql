-- No record is lost and none counts twice: the versions of a family's shipments are its records.
-- depends_on: {{ ref('int_changed_family') }}
with records as (
    select family_key, count(*) as found
    from {{ ref('int_record') }}
    where {{ changed_in_test('int_changed_family', 'family_key') }}
    group by family_key
),

shipments as (
    select family_key, sum(versions) as found
    from {{ ref('int_shipment') }}
    where {{ changed_in_test('int_changed_family', 'family_key') }}
    group by family_key
)

select
    coalesce(records.family_key, shipments.family_key) as family_key,
    records.found as records_found,
    shipments.found as versions_found
from records
full outer join shipments on records.family_key = shipments.family_key
where records.found is distinct from shipments.found
