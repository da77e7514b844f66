{{ config(
    changed_by='int_changed_pair_week',
    changed_key={'supplier_id': 'supplier_key'},
    changed_from='week_start_date'
) }}

with {{ trailing_year('supplier', 'consignee') }},

rhythm as (
    select
        pairs.supplier_key,
        pairs.consignee_key,
        pairs.week_number,
        pairs.weeks_so_far,
        pairs.silent_from_week_number
    from {{ ref('int_pair_rhythm') }} as pairs
    {{ trailing_weeks_only('supplier', 'pairs') }}
    where pairs.weeks_so_far = 1 or pairs.silent_from_week_number is not null
),

new_customers as (
    select
        supplier_key,
        week_number,
        count(*) as new_consignees
    from rhythm
    where weeks_so_far = 1
    group by supplier_key, week_number
),

-- a customer counts as silent from the first week past its usual gap until it ships again or its year is over
followed as (
    select
        *,
        least(
            coalesce(
                lead(week_number) over (partition by supplier_key, consignee_key order by week_number),
                week_number + {{ weeks_of_year() }}
            ),
            week_number + {{ weeks_of_year() }}
        ) as silent_until_week_number
    from rhythm
    where silent_from_week_number is not null
),

silences as (
    select supplier_key, silent_from_week_number as week_number, 1 as change
    from followed
    where silent_from_week_number < silent_until_week_number

    union all

    select supplier_key, silent_until_week_number as week_number, -1 as change
    from followed
    where silent_from_week_number < silent_until_week_number

    union all

    select own_key as supplier_key, week_number, 0 as change
    from own_weeks
),

silent_changes as (
    select
        supplier_key,
        week_number,
        sum(change) as change
    from silences
    group by supplier_key, week_number
),

silent_customers as (
    select
        supplier_key,
        week_number,
        sum(change) over (partition by supplier_key order by week_number) as silent_consignees
    from silent_changes
)

select
    concentration.own_key as supplier_id,
    concentration.week_start_date,
    cast(concentration.bills as bigint) as bills,
    cast(concentration.containers as decimal(18, 6)) as containers,
    cast(concentration.teu as decimal(18, 6)) as teu,
    cast(concentration.weight_kg as decimal(18, 3)) as weight_kg,
    cast(concentration.named_others as bigint) as named_consignees,
    cast(concentration.named_others_52w as bigint) as named_consignees_52w,
    concentration.volume_unit,
    concentration.redacted_share,
    leaders.other_key as top_consignee_id,
    leaders.volume / concentration.volume_52w as top_share,
    concentration.hhi,
    cast(coalesce(new_customers.new_consignees, 0) as bigint) as new_consignees,
    cast(coalesce(silent_customers.silent_consignees, 0) as bigint) as silent_consignees
from concentration
left join leaders
    on concentration.own_key = leaders.own_key and concentration.week_number = leaders.week_number
left join new_customers
    on concentration.own_key = new_customers.supplier_key and concentration.week_number = new_customers.week_number
left join silent_customers
    on
        concentration.own_key = silent_customers.supplier_key
        and concentration.week_number = silent_customers.week_number
