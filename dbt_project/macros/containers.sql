{#-
TEU of a box from its length in feet and inches (4000 is 40'00", 0 is not given), else from its ISO 6346 size code
(old and new: 2 is 20', 4 is 40', 9 and L are 45'). 20' is 1, 40' is 2, 45' is 2.25; another size is unknown.
-#}
{% macro container_teu(container_length, container_type) %}
case
    when {{ container_length }} between 1900 and 2100 then 1
    when {{ container_length }} between 3900 and 4100 then 2
    when {{ container_length }} between 4400 and 4600 then 2.25
    when coalesce({{ container_length }}, 0) <> 0 then null
    when left({{ container_type }}, 1) = '2' then 1
    when left({{ container_type }}, 1) = '4' then 2
    when left({{ container_type }}, 1) in ('9', 'L') then 2.25
end
{% endmacro %}

{#- Arrivals of one voyage at several ports lie within so many days of each other. -#}
{% macro same_arrival_days() %}7{% endmacro %}

{#- CTEs and last select: `record_boxes` of the shipments `in_force`, split between those that share them. -#}
{% macro boxes_split(record_boxes, in_force) %}
boxes as (
    select
        touched.voyage_container_key,
        touched.identifier,
        touched.container_number,
        touched.teu,
        touched.kg_in_container,
        coalesce(touched.arrival_date, date '1900-01-01') as arrival_date
    from {{ record_boxes }} as touched
    inner join {{ in_force }} as in_force on touched.identifier = in_force.identifier
),

spaced as (
    select
        *,
        {{ days_between(
            'lag(arrival_date) over (partition by voyage_container_key order by arrival_date, identifier)', 'arrival_date'
        ) }} as days_since
    from boxes
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
        case when min(kg_in_container) over box > 0 then kg_in_container else 1 end as part,
        max(teu) over box as container_teu
    from numbered
    window box as (partition by voyage_container_key, arrival_number)
),

added as (
    select
        *,
        sum(part) over box_so_far as part_so_far,
        sum(part) over box as part_of_all
    from weighed
    window
        box as (partition by voyage_container_key, arrival_number),
        box_so_far as (
            partition by voyage_container_key, arrival_number
            order by identifier
            rows between unbounded preceding and current row
        )
),

-- running sums are rounded, not the parts, so that the parts of a box add to 1 exactly
rounded as (
    select
        *,
        cast(round(part_so_far / part_of_all, 6) as decimal(18, 6)) as so_far
    from added
)

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
{%- endmacro %}
