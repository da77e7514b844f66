{{ config(touched_by='touched_shipment', touched_key='identifier') }}
{{ built_after('queue_pair_week') }}

-- One row per bill in force, on one level of master and house.

with shipments as (
    select * from {{ ref('int_shipment') }}
    where standing = 'in_force' and {{ touched('touched_shipment', 'identifier') }}
),

records as (
    select * from {{ ref('int_record') }}
    where {{ touched('touched_shipment', 'identifier') }}
),

bills as (
    select
        records.*,
        shipments.use_of_number,
        shipments.first_release_date,
        shipments.last_release_date,
        shipments.versions,
        {{ arrival_is_suspect('records.arrival_date', 'shipments.first_release_date', 'shipments.last_release_date') }}
            as arrival_is_suspect
    from shipments
    inner join records on shipments.identifier = records.identifier
),

notified as (
    select * from {{ ref('int_record_notify') }}
    where {{ touched('touched_shipment', 'identifier') }}
),

-- a notify party stands in for an order that names no customer, when it is named, and neither forwarder nor bank nor
-- the shipper; of several the first by id
stand_ins as (
    select
        notified.identifier,
        min(party.entity_id) as entity_id
    from notified
    inner join {{ ref('int_party_spelling') }} as party on notified.spelling_id = party.spelling_id
    inner join {{ ref('int_party_spelling') }} as ordered on notified.consignee_spelling_id = ordered.spelling_id
    left join {{ ref('int_party_spelling') }} as shipper on notified.shipper_spelling_id = shipper.spelling_id
    where
        ordered.is_order
        and (ordered.entity_id is null or {{ is_shipper('ordered', 'shipper') }})
        and party.role = 'party'
        and not party.is_order
        and not {{ is_shipper('party', 'shipper') }}
    group by notified.identifier
),

boxes as (
    select
        identifier,
        sum(containers) as containers,
        sum(containers * box_teu) as teu,
        count(*) as boxes,
        count(box_teu) as sized_boxes
    from {{ ref('int_shipment_box') }}
    where {{ touched('touched_shipment', 'identifier') }}
    group by identifier
),

products as (
    select
        identifier,
        min(hs_code) as hs_code,
        min(hs_source) as hs_source
    from {{ ref('int_record_hs') }}
    where {{ touched('touched_shipment', 'identifier') }}
    group by identifier
),

countries as (
    select distinct country_code from {{ ref('country_names') }}
)

select
    -- bill
    {{ digest(
        "concat_ws('|', bills.master_bol_number, bills.house_bol_number, bills.sub_house_bol_number, "
        "bills.use_of_number)"
    ) }} as shipment_id,
    bills.identifier,
    bills.master_bol_number,
    bills.house_bol_number,
    bills.sub_house_bol_number,
    bills.bill_type,
    bills.carrier_scac,
    bills.vessel_name,
    bills.voyage_number,

    -- time
    bills.arrival_date,
    case when not bills.arrival_is_suspect then {{ week_start('bills.arrival_date') }} end as week_start_date,
    bills.arrival_is_suspect,

    -- parties; an order to the shipper itself names no customer
    shipper.entity_id as supplier_id,
    case
        when stand_ins.entity_id is not null then stand_ins.entity_id
        when not consignee.is_order or not {{ is_shipper('consignee', 'shipper') }} then consignee.entity_id
    end as consignee_id,
    {{ party_visibility('shipper') }} as supplier_visibility,
    {{ party_visibility('consignee') }} as consignee_visibility,
    stand_ins.entity_id is not null as consignee_is_notify_party,

    -- places
    ports.country_code as origin_country_code,
    ports.foreign_port,
    bills.us_port,

    -- cargo
    bills.weight_kg,
    bills.weight_raw,
    bills.weight_unit,
    cast(coalesce(boxes.containers, 0) as decimal(18, 6)) as containers,
    cast(boxes.teu as decimal(18, 6)) as teu,
    cast(coalesce(bills.weight_kg * boxes.sized_boxes / boxes.boxes, 0) as decimal(18, 3)) as sized_weight_kg,
    bills.quantity,
    bills.quantity_unit,
    products.hs_code,
    case when length(products.hs_code) >= 4 then left(products.hs_code, 4) end as hs4,
    coalesce(products.hs_source, 'none') as hs_source,
    bills.description,
    coalesce(bills.foreign_port_of_destination, '') <> ''
    or {{ leaves_in_bond('bills.in_bond_entry_type') }}
    or (
        consignee_country.country_code is not null
        and not {{ is_us_country('consignee_country.country_code') }}
    ) as is_in_transit,

    -- versions
    bills.record_status,
    bills.first_release_date,
    bills.last_release_date,
    bills.versions
from bills
left join {{ ref('int_party_spelling') }} as shipper on bills.shipper_spelling_id = shipper.spelling_id
left join {{ ref('int_party_spelling') }} as consignee on bills.consignee_spelling_id = consignee.spelling_id
left join stand_ins on bills.identifier = stand_ins.identifier
left join boxes on bills.identifier = boxes.identifier
left join products on bills.identifier = products.identifier
left join {{ ref('int_foreign_port') }} as ports on bills.foreign_port_of_lading = ports.foreign_port_of_lading
left join countries as consignee_country on bills.consignee_country_code = consignee_country.country_code
