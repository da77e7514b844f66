{{ config(touched_by='queue_family', touched_key='family_key') }}
{{ built_after('queue_shipment') }}

-- One row per shipment: a bill, or one use of a bill number, with the version that counts and how it stands: in force,
-- deleted, or covered by the bills one level below that carry the same cargo.

{#- A bill number that comes back on another vessel with an arrival so far off is another shipment. -#}
{% set reuse_days = 180 %}

with versions as (
    select
        identifier,
        run_date,
        trade_update_date,
        family_key,
        master_bol_number,
        house_bol_number,
        sub_house_bol_number,
        record_status,
        vessel_name,
        case
            when not {{ arrival_is_suspect('arrival_date', 'run_date', 'run_date') }} then arrival_date
        end as believed_arrival_date
    from {{ ref('int_record') }}
    where {{ touched('queue_family', 'family_key') }}
),

-- a version whose arrival is missing or years off is placed in time by another one on its vessel, else by its run
placed as (
    select
        *,
        coalesce(
            believed_arrival_date,
            max(believed_arrival_date) over (
                partition by family_key, master_bol_number, house_bol_number, sub_house_bol_number, vessel_name
            ),
            run_date
        ) as placed_on
    from versions
),

followed as (
    select
        *,
        lag(placed_on) over bill as earlier_placed_on,
        lag(vessel_name) over bill as earlier_vessel_name
    from placed
    window bill as (
        partition by family_key, master_bol_number, house_bol_number, sub_house_bol_number
        order by placed_on, run_date, trade_update_date nulls first, identifier
    )
),

numbered as (
    select
        *,
        sum(
            case
                when
                    {{ days_between('earlier_placed_on', 'placed_on') }} > {{ reuse_days }}
                    and vessel_name <> earlier_vessel_name
                    then 1
                else 0
            end
        ) over (
            partition by family_key, master_bol_number, house_bol_number, sub_house_bol_number
            order by placed_on, run_date, trade_update_date nulls first, identifier
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
            and abs({{ days_between('master.placed_on', 'house.placed_on') }}) <= {{ reuse_days }}
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
            and abs({{ days_between('house.placed_on', 'sub_house.placed_on') }}) <= {{ reuse_days }}
    where house.house_bol_number <> '' and house.sub_house_bol_number = ''
)

select
    newest.identifier,
    newest.family_key,
    cast(newest.use_of_number as integer) as use_of_number,
    case
        when newest.record_status = 'Deleted' then 'deleted'
        when covered.identifier is not null then 'covered'
        else 'in_force'
    end as standing,
    newest.first_release_date,
    newest.run_date as last_release_date,
    cast(newest.versions as integer) as versions
from newest
left join covered on newest.identifier = covered.identifier
