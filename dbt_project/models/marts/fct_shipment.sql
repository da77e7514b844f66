{{ config(touched_by='touched_shipment', touched_key='identifier') }}
{{ built_after('queue_pair_week') }}

-- One row per bill in force, on one level of master and house.

with shipments as (
    select * from {{ ref('int_shipment') }}
    where standing = 'in_force' and {{ touched('touched_shipment', 'identifier') }}
),

records as (
    select
        *,
        {{ clean_words("split_part(foreign_port_of_lading, ',', -1)") }} as last_words,
        {{ clean_words(first_match('foreign_port_of_lading', '^[^,]*,(.*)$')) }} as words_after_port
    from {{ ref('int_record') }}
    where {{ touched('touched_shipment', 'identifier') }}
),

spellings as (
    select
        spelling_id,
        clean_name,
        is_order,
        role,
        entity_id
    from {{ ref('int_party_spelling') }}
),

countries as (
    select distinct country_code from {{ ref('country_names') }}
),

-- who stands on the bill, each side for itself
parties as (
    select
        records.identifier,
        case
            when coalesce(shipper.role, 'none') = 'none' and not coalesce(shipper.is_order, false) then 'redacted'
            when shipper.is_order then 'order'
            when shipper.role = 'party' then 'named'
            else shipper.role
        end as supplier_visibility,
        shipper.entity_id as supplier_id,
        shipper.clean_name as shipper_name,
        case
            when coalesce(consignee.role, 'none') = 'none' and not coalesce(consignee.is_order, false) then 'redacted'
            when consignee.is_order then 'order'
            when consignee.role = 'party' then 'named'
            else consignee.role
        end as consignee_visibility,
        -- an order to the shipper itself names no customer
        case
            when not consignee.is_order or consignee.clean_name <> coalesce(shipper.clean_name, '')
                then consignee.entity_id
        end as consignee_id
    from records
    left join spellings as shipper on records.shipper_spelling_id = shipper.spelling_id
    left join spellings as consignee on records.consignee_spelling_id = consignee.spelling_id
),

-- a notify party stands in for an order party only when it is named, and neither forwarder nor bank nor the shipper
stand_ins as (
    select
        parties.identifier,
        min(notified.entity_id) as consignee_id
    from parties
    inner join {{ ref('int_record_notify') }} as notify on parties.identifier = notify.identifier
    inner join spellings as notified on notify.spelling_id = notified.spelling_id
    where
        parties.consignee_visibility = 'order'
        and parties.consignee_id is null
        and notified.role = 'party'
        and not notified.is_order
        and notified.clean_name <> coalesce(parties.shipper_name, '')
    group by parties.identifier
),

dated as (
    select
        shipments.identifier,
        {{ arrival_is_suspect('records.arrival_date', 'shipments.first_release_date', 'shipments.last_release_date') }}
            as arrival_is_suspect
    from shipments
    inner join records on shipments.identifier = records.identifier
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
)

select
    -- bill
    shipments.shipment_id,
    shipments.identifier,
    records.master_bol_number,
    records.house_bol_number,
    records.sub_house_bol_number,
    records.bill_type,
    records.carrier_scac,
    records.vessel_name,
    records.voyage_number,

    -- time
    records.arrival_date,
    case when not dated.arrival_is_suspect then {{ week_start('records.arrival_date') }} end as week_start_date,
    dated.arrival_is_suspect,

    -- parties
    parties.supplier_id,
    coalesce(parties.consignee_id, stand_ins.consignee_id) as consignee_id,
    parties.supplier_visibility,
    parties.consignee_visibility,
    stand_ins.consignee_id is not null as consignee_is_notify_party,

    -- places
    coalesce(after_port.country_code, after_comma.country_code) as origin_country_code,
    {{ replace_all(replace_all('trim(records.foreign_port_of_lading)', ' *, *', ', '), ' +', ' ') }} as foreign_port,
    records.us_port,

    -- cargo
    records.weight_kg,
    records.weight_raw,
    records.weight_unit,
    cast(coalesce(boxes.containers, 0) as decimal(18, 6)) as containers,
    cast(boxes.teu as decimal(18, 6)) as teu,
    cast(coalesce(records.weight_kg * boxes.sized_boxes / boxes.boxes, 0) as decimal(18, 3)) as sized_weight_kg,
    records.quantity,
    records.quantity_unit,
    products.hs_code,
    case when length(products.hs_code) >= 4 then left(products.hs_code, 4) end as hs4,
    coalesce(products.hs_source, 'none') as hs_source,
    records.description,
    coalesce(records.foreign_port_of_destination, '') <> ''
    or {{ leaves_in_bond('records.in_bond_entry_type') }}
    or (
        consignee_country.country_code is not null
        and not {{ is_us_country('consignee_country.country_code') }}
    ) as is_in_transit,

    -- versions
    records.record_status,
    shipments.first_release_date,
    shipments.last_release_date,
    shipments.versions
from shipments
inner join records on shipments.identifier = records.identifier
inner join dated on shipments.identifier = dated.identifier
inner join parties on shipments.identifier = parties.identifier
left join stand_ins on shipments.identifier = stand_ins.identifier
left join boxes on shipments.identifier = boxes.identifier
left join products on shipments.identifier = products.identifier
left join {{ ref('country_names') }} as after_port on records.words_after_port = after_port.country_name
left join {{ ref('country_names') }} as after_comma on records.last_words = after_comma.country_name
left join countries as consignee_country on records.consignee_country_code = consignee_country.country_code
