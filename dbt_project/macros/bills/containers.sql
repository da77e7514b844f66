{#-
TEU of a container from its length, else from its type: 20' is 1, 40' is 2, 45' is 2.25; another size is unknown.

A length is in feet and inches (4000 is 40'00"), feet, inches, centimetres or millimetres; 0 and what is none of these are not
given. A type is a trade name that begins with its feet (40HC) or an ISO 6346 code (2 is 20', 4 is 40', 9 and L are 45').
-#}
{% macro container_teu(container_length, container_type) %}
case
    when {{ is_length(container_length, 20) }} then 1
    when {{ is_length(container_length, 40) }} then 2
    when {{ is_length(container_length, 45) }} then 2.25
    when {{ container_length }} between 1000 and 5400 or {{ container_length }} in (10, 30, 48, 53) then null
    when {{ is_trade_size(container_type, '20') }} or left({{ container_type }}, 1) = '2' then 1
    when {{ is_trade_size(container_type, '45') }} or left({{ container_type }}, 1) in ('9', 'L') then 2.25
    when left({{ container_type }}, 1) = '4' then 2
end
{% endmacro %}

{#- Whether a number is so many feet: as feet and inches, feet, inches, centimetres or millimetres, within what is rounded. -#}
{% macro is_length(number, feet) -%}
(
        {{ number }} = {{ feet }} or {{ number }} = {{ feet * 12 }}
        or {{ number }} between {{ feet * 100 - 100 }} and {{ feet * 100 + 100 }}
        or {{ number }} between {{ (feet * 30.48 - 10) | int }} and {{ (feet * 30.48 + 5) | int }}
        or {{ number }} between {{ (feet * 304.8 - 100) | int }} and {{ (feet * 304.8 + 50) | int }}
    )
{%- endmacro %}

{#- Whether a container's type is a trade name of a size: 45HC is 45 feet and a high cube, where the ISO code 45G1 is 40 feet. -#}
{% macro is_trade_size(container_type, feet) -%}
{{ matches(container_type, '^ *' ~ feet ~ '[ -]*(?:FT|FOOT|FEET|GP|DC|DV|SD|ST|HC|HQ|HIGH|RF|RE|RH|RQ|OT|OP|FR|FL|PW|TK|TN|NOR|DRY)') }}
{%- endmacro %}

{#- Arrivals of one voyage at several ports are within so many days of each other. -#}
{% macro same_arrival_days() %}7{% endmacro %}

{#-
CTEs up to `container_parts`: each container of `record_containers` (a CTE) with the part that each shipment of `in_force` (a CTE)
carries of it. Containers of one number on one voyage are the same one where their arrivals are close.
-#}
{% macro container_parts(record_containers, in_force) %}
carried as (
    select
        record_containers.voyage_container_key,
        record_containers.identifier,
        record_containers.container_number,
        record_containers.teu,
        record_containers.kg_in_container,
        coalesce(record_containers.arrival_date, date '1900-01-01') as arrival_date
    from {{ record_containers }} as record_containers
    inner join {{ in_force }} as in_force on record_containers.identifier = in_force.identifier
),

spaced as (
    select
        *,
        {{ days_between(
            'lag(arrival_date) over (partition by voyage_container_key order by arrival_date, identifier)', 'arrival_date'
        ) }} as days_since
    from carried
),

numbered as (
    select
        *,
        sum(case when days_since > {{ same_arrival_days() }} then 1 else 0 end) over (
            partition by voyage_container_key
            order by arrival_date, identifier
            rows between unbounded preceding and current row
        ) as arrival_number
    from spaced
),

weighed as (
    select
        *,
        case when min(kg_in_container) over container > 0 then kg_in_container else 1 end as part,
        max(teu) over container as container_teu
    from numbered
    window container as (partition by voyage_container_key, arrival_number)
),

added as (
    select
        *,
        sum(part) over container_so_far as part_so_far,
        sum(part) over container as part_of_all
    from weighed
    window
        container as (partition by voyage_container_key, arrival_number),
        container_so_far as (
            partition by voyage_container_key, arrival_number
            order by identifier
            rows between unbounded preceding and current row
        )
),

-- running sums are rounded, not the parts, so that the parts of a container add to 1 exactly
rounded as (
    select
        *,
        cast(round(part_so_far / part_of_all, 6) as decimal(18, 6)) as so_far
    from added
),

parted as (
    select
        identifier,
        voyage_container_key,
        cast(arrival_number as integer) as arrival_number,
        container_number,
        container_teu,
        cast(
            so_far - coalesce(
                lag(so_far) over (partition by voyage_container_key, arrival_number order by identifier), 0
            ) as decimal(18, 6)
        ) as containers
    from rounded
),

-- a bill with less than a millionth of a container carries none of it
container_parts as (
    select * from parted
    where containers <> 0
)
{%- endmacro %}
