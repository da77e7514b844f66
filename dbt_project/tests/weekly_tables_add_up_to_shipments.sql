-- Bills, kilograms and boxes of the weekly tables are those of the shipments for the US whose week is known.
with shipments as (
    select supplier_id, consignee_id, supplier_visibility, consignee_visibility, containers, weight_kg
    from {{ ref('fct_shipment') }}
    where week_start_date is not null and not is_in_transit
),

expected as (
    select
        count(supplier_id) as supplier_bills,
        sum(case when supplier_id is not null then containers end) as supplier_containers,
        sum(case when supplier_id is not null then weight_kg end) as supplier_kg,
        count(consignee_id) as consignee_bills,
        sum(case when consignee_id is not null then containers end) as consignee_containers,
        sum(case when consignee_id is not null then weight_kg end) as consignee_kg,
        count(
            case
                when
                    supplier_visibility not in ('forwarder', 'bank')
                    and consignee_visibility not in ('forwarder', 'bank')
                    and supplier_id is not null and consignee_id is not null
                    then 1
            end
        ) as pair_bills
    from shipments
),

suppliers as (
    select sum(bills) as bills, sum(containers) as containers, sum(weight_kg) as weight_kg
    from {{ ref('fct_supplier_weekly') }}
),

consignees as (
    select sum(bills) as bills, sum(containers) as containers, sum(weight_kg) as weight_kg
    from {{ ref('fct_consignee_weekly') }}
),

pairs as (
    select sum(bills) as bills
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
    expected.supplier_bills <> coalesce(suppliers.bills, 0)
    or expected.consignee_bills <> coalesce(consignees.bills, 0)
    or expected.pair_bills <> coalesce(pairs.bills, 0)
    or expected.supplier_containers is distinct from suppliers.containers
    or expected.consignee_containers is distinct from consignees.containers
    or expected.supplier_kg is distinct from suppliers.weight_kg
    or expected.consignee_kg is distinct from consignees.weight_kg
