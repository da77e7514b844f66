-- Bills and kilograms of the weekly tables are those of the shipments for the US whose week is known.
with shipments as (
    select
        weight_kg,
        supplier_id is not null as has_supplier,
        consignee_id is not null as has_consignee,
        supplier_visibility not in ('forwarder', 'bank')
        and consignee_visibility not in ('forwarder', 'bank') as are_real
    from {{ ref('fct_shipment') }}
    where week_start_date is not null and not is_in_transit
),

expected as (
    select
        count(case when has_supplier then 1 end) as supplier_bills,
        sum(case when has_supplier then weight_kg end) as supplier_kg,
        count(case when has_consignee then 1 end) as consignee_bills,
        sum(case when has_consignee then weight_kg end) as consignee_kg,
        count(case when has_supplier and has_consignee and are_real then 1 end) as pair_bills,
        sum(case when has_supplier and has_consignee and are_real then weight_kg end) as pair_kg
    from shipments
),

suppliers as (
    select coalesce(sum(bills), 0) as bills, sum(weight_kg) as weight_kg
    from {{ ref('fct_supplier_weekly') }}
),

consignees as (
    select coalesce(sum(bills), 0) as bills, sum(weight_kg) as weight_kg
    from {{ ref('fct_consignee_weekly') }}
),

pairs as (
    select coalesce(sum(bills), 0) as bills, sum(weight_kg) as weight_kg
    from {{ ref('fct_pair_weekly') }}
)

select
    expected.*,
    suppliers.bills as supplier_bills_found,
    consignees.bills as consignee_bills_found,
    pairs.bills as pair_bills_found
from expected
cross join suppliers
cross join consignees
cross join pairs
where
    expected.supplier_bills <> suppliers.bills
    or expected.consignee_bills <> consignees.bills
    or expected.pair_bills <> pairs.bills
    or expected.supplier_kg is distinct from suppliers.weight_kg
    or expected.consignee_kg is distinct from consignees.weight_kg
    or expected.pair_kg is distinct from pairs.weight_kg
