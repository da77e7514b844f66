-- One row per bill of asof_shipment with the keys of its named sides (null: unnamed): the input of all measures.

with bills as (
    select
        *,
        -- an unnamed side matches no party; as a value, since a condition beside the key makes the join slow
        case when supplier_is_named then supplier_id end as named_supplier_id,
        case when consignee_is_named then consignee_id end as named_consignee_id
    from {{ ref('asof_shipment') }}
)

select
    bills.identifier,
    sellers.supplier_key,
    customers.consignee_key,
    bills.week_number,
    bills.arrival_date,
    bills.origin_country_code,
    bills.supplier_visibility in ('forwarder', 'bank') as supplier_is_forwarder,
    bills.consignee_visibility in ('forwarder', 'bank') as consignee_is_forwarder,
    coalesce(uncertain.supplier_is_uncertain or uncertain.consignee_is_uncertain, false) as is_uncertain,
    bills.containers,
    bills.teu,
    bills.weight_kg,
    bills.sized_weight_kg
from bills
left join {{ ref('week_supplier_entity') }} as sellers on bills.named_supplier_id = sellers.supplier_id
left join {{ ref('week_consignee_entity') }} as customers on bills.named_consignee_id = customers.consignee_id
left join {{ ref('week_uncertain_bill') }} as uncertain on bills.identifier = uncertain.identifier
