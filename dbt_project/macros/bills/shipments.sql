{#- CTEs of the shipment tables, shared by the nightly models and those of a closed week (models/snapshot/as_of). -#}

{#- A bill number that comes back on another vessel with an arrival so far off is another shipment. -#}
{% macro reuse_days() %}180{% endmacro %}

{#-
CTEs up to `judged`: one row per shipment of the `records` (a CTE with all known versions of whole families), with its version that
counts and the state of the bill: deleted, covered by bills one level below that carry the same cargo, or in force.
-#}
{% macro judged_shipments(records) %}
versions as (
    select
        identifier,
        run_date,
        trade_update_date,
        family_key,
        master_bol_number,
        house_bol_number,
        sub_house_bol_number,
        record_status,
        {{ vessel_key('vessel_name') }} as vessel_key,
        case
            when not {{ arrival_is_suspect('arrival_date', 'run_date', 'run_date') }} then arrival_date
        end as believed_arrival_date
    from {{ records }}
),

-- a version whose arrival is missing or years off is dated by another one on its vessel, else by its run
dated as (
    select
        *,
        coalesce(
            believed_arrival_date,
            max(believed_arrival_date) over (
                partition by family_key, master_bol_number, house_bol_number, sub_house_bol_number, vessel_key
            ),
            run_date
        ) as dated_on
    from versions
),

followed as (
    select
        *,
        lag(dated_on) over bill as earlier_dated_on,
        lag(vessel_key) over bill as earlier_vessel_key
    from dated
    window bill as (
        partition by family_key, master_bol_number, house_bol_number, sub_house_bol_number
        order by dated_on, run_date, trade_update_date nulls first, identifier
    )
),

numbered as (
    select
        *,
        sum(
            case
                when
                    {{ days_between('earlier_dated_on', 'dated_on') }} > {{ reuse_days() }}
                    and vessel_key <> earlier_vessel_key
                    then 1
                else 0
            end
        ) over (
            partition by family_key, master_bol_number, house_bol_number, sub_house_bol_number
            order by dated_on, run_date, trade_update_date nulls first, identifier
            rows between unbounded preceding and current row
        ) as use_of_number
    from followed
),

ranked as (
    select
        *,
        min(run_date) over shipment as first_release_date,
        count(*) over shipment as versions,
        row_number() over (
            partition by family_key, master_bol_number, house_bol_number, sub_house_bol_number, use_of_number
            order by run_date desc, trade_update_date desc nulls last, identifier desc
        ) as recency
    from numbered
    window shipment as (
        partition by family_key, master_bol_number, house_bol_number, sub_house_bol_number, use_of_number
    )
),

newest as (
    select * from ranked
    where recency = 1
),

in_force as (
    select * from newest
    where record_status <> 'Deleted'
),

covered as (
    select distinct master.identifier
    from in_force as master
    inner join in_force as house
        on
            master.family_key = house.family_key
            and master.master_bol_number = house.master_bol_number
            and house.house_bol_number <> ''
            and abs({{ days_between('master.dated_on', 'house.dated_on') }}) <= {{ reuse_days() }}
    where master.house_bol_number = ''

    union

    select distinct house.identifier
    from in_force as house
    inner join in_force as sub_house
        on
            house.family_key = sub_house.family_key
            and house.master_bol_number = sub_house.master_bol_number
            and house.house_bol_number = sub_house.house_bol_number
            and sub_house.sub_house_bol_number <> ''
            and abs({{ days_between('house.dated_on', 'sub_house.dated_on') }}) <= {{ reuse_days() }}
    where house.house_bol_number <> '' and house.sub_house_bol_number = ''
),

judged as (
    select
        newest.identifier,
        newest.family_key,
        cast(newest.use_of_number as integer) as use_of_number,
        case
            when newest.record_status = 'Deleted' then 'deleted'
            when covered.identifier is not null then 'covered'
            else 'in_force'
        end as bill_state,
        newest.first_release_date,
        newest.run_date as last_release_date,
        cast(newest.versions as integer) as versions
    from newest
    left join covered on newest.identifier = covered.identifier
)
{%- endmacro %}

{#-
CTEs up to `described`: one row per bill in force, with all that is known of it.

Args, all names of CTEs: `shipments` in force (rows of int_shipment), their `records`, parties to be `notified` and
`shipment_containers` (rows of int_record, int_record_notify and int_shipment_container of these identifiers).
-#}
{% macro described_bills(shipments, records, notified, shipment_containers) %}
bills as (
    select
        records.*,
        shipments.use_of_number,
        shipments.first_release_date,
        shipments.last_release_date,
        shipments.versions,
        {{ arrival_is_suspect('records.arrival_date', 'shipments.first_release_date', 'shipments.last_release_date') }}
            as arrival_is_suspect
    from {{ shipments }} as shipments
    inner join {{ records }} as records on shipments.identifier = records.identifier
),

-- a notify party replaces an order that names no customer, or a name that refers to it, when it is named, and neither forwarder nor bank nor
-- the shipper; of several the first by id
stand_ins as (
    select
        notified.identifier,
        min(party.entity_id) as entity_id
    from {{ notified }} as notified
    inner join {{ ref('int_party_name_variant') }} as party on notified.spelling_id = party.spelling_id
    inner join {{ ref('int_party_name_variant') }} as ordered on notified.consignee_spelling_id = ordered.spelling_id
    left join {{ ref('int_party_name_variant') }} as shipper on notified.shipper_spelling_id = shipper.spelling_id
    where
        (
            ordered.is_order and (ordered.entity_id is null or {{ is_shipper('ordered', 'shipper') }})
            or {{ refers_to_notify_party('ordered') }}
        )
        and party.role = 'party'
        and not party.is_order
        and not {{ is_shipper('party', 'shipper') }}
    group by notified.identifier
),

containers as (
    select
        identifier,
        sum(containers) as containers,
        sum(containers * container_teu) as teu,
        count(*) as containers_listed,
        count(container_teu) as containers_sized
    from {{ shipment_containers }}
    group by identifier
),

countries as (
    select distinct country_code from {{ ref('country_names') }}
),

described as (
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
        case
            when stand_ins.entity_id is not null and not consignee.is_order then 'named'
            else {{ party_visibility('consignee') }}
        end as consignee_visibility,
        stand_ins.entity_id is not null as consignee_is_notify_party,

        -- ports
        ports.country_code as origin_country_code,
        ports.foreign_port,
        bills.us_port,

        -- cargo
        bills.weight_kg,
        bills.weight_raw,
        bills.weight_unit,
        cast(coalesce(containers.containers, 0) as decimal(18, 6)) as containers,
        cast(containers.teu as decimal(18, 6)) as teu,
        cast(
            coalesce(bills.weight_kg * containers.containers_sized / containers.containers_listed, 0) as decimal(18, 3)
        ) as sized_weight_kg,
        bills.quantity,
        bills.quantity_unit,
        bills.description,
        bills.text_key,
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
    left join {{ ref('int_party_name_variant') }} as shipper on bills.shipper_spelling_id = shipper.spelling_id
    left join {{ ref('int_party_name_variant') }} as consignee on bills.consignee_spelling_id = consignee.spelling_id
    left join stand_ins on bills.identifier = stand_ins.identifier
    left join containers on bills.identifier = containers.identifier
    left join {{ ref('int_foreign_port') }} as ports on bills.foreign_port_of_lading = ports.foreign_port_of_lading
    left join countries as consignee_country on bills.consignee_country_code = consignee_country.country_code
)
{%- endmacro %}
