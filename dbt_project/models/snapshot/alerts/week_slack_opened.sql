-- One row per supplier whose last 13 weeks fell under seven tenths of its year's best since the last frozen week, or
-- that has not recovered since: findings of `slack_opened`. Net of its market too, since a season common to
-- all is no news, nor is one of its own, and by more than its weeks vary. Where no week was frozen: a quarter ago.

with moments as (
    select
        week.week_number as at_week,
        'now' as moment
    from {{ ref('asof_week') }} as week

    union all

    select
        coalesce(before.week_number, week.week_number - {{ quarter_weeks() }}) as at_week,
        'before' as moment
    from {{ ref('asof_week') }} as week
    cross join {{ ref('week_past') }} as before

    union all

    select
        week_number - {{ weeks_of_year() }} as at_week,
        'a year ago' as moment
    from {{ ref('asof_week') }}
),

volumes as (
    select
        bills.supplier_key,
        bills.week_number,
        {{ unit_volume('bool_or(suppliers.is_in_teu)', 'sum(bills.teu)', 'sum(bills.weight_kg)') }} as volume
    from {{ ref('week_bill') }} as bills
    inner join {{ ref('week_supplier') }} as suppliers on bills.supplier_key = suppliers.supplier_key
    cross join {{ ref('week_past') }} as history
    where suppliers.bills >= {{ threshold('slack_bills') }} and bills.week_number >= history.first_week
    group by bills.supplier_key, bills.week_number
),

markets as (
    select
        supplier_key,
        week_number,
        sum(round(bills / market_index, 6)) / sum(bills) as net_part
    from {{ ref('week_activity') }}
    group by supplier_key, week_number
),

weeks as (
    select
        volumes.supplier_key,
        volumes.week_number,
        cast(volumes.volume as double) as volume,
        cast(volumes.volume as double) * coalesce(cast(markets.net_part as double), 1) as net_volume
    from volumes
    left join markets on volumes.supplier_key = markets.supplier_key and volumes.week_number = markets.week_number
),

quarters as (
    select
        weeks.supplier_key,
        moments.moment,
        weeks.week_number,
        moments.at_week,
        sum(weeks.volume) over quarter as volume,
        sum(weeks.volume * weeks.volume) over quarter as squares,
        sum(weeks.net_volume) over quarter as net_volume
    from weeks
    inner join moments
        on weeks.week_number > moments.at_week - {{ weeks_of_year() }} and weeks.week_number <= moments.at_week
    window
        quarter as (
            partition by weeks.supplier_key, moments.moment
            order by weeks.week_number range between {{ quarter_weeks() | int - 1 }} preceding and current row
        )
),

best as (
    select
        supplier_key,
        moment,
        at_week,
        max(volume) as best_volume,
        max_by(squares, (volume, week_number)) as best_squares,
        max_by(week_number, (volume, week_number)) as best_week,
        max(net_volume) as best_net_volume,
        min(week_number) as first_week
    from quarters
    group by supplier_key, moment, at_week
),

last_weeks as (
    select
        weeks.supplier_key,
        moments.moment,
        sum(weeks.volume) as volume,
        sum(weeks.volume * weeks.volume) as squares,
        sum(weeks.net_volume) as net_volume
    from weeks
    inner join moments
        on weeks.week_number > moments.at_week - {{ quarter_weeks() }} and weeks.week_number <= moments.at_week
    group by weeks.supplier_key, moments.moment
),

parts as (
    select
        best.supplier_key,
        best.moment,
        best.best_week,
        -- the published figure; before, the same under the parties of now
        case best.moment
            when 'now' then capacities.slack_ratio_52w
            else coalesce(last_weeks.volume, 0) / nullif(best.best_volume, 0)
        end as part,
        coalesce(last_weeks.net_volume, 0) / nullif(best.best_net_volume, 0) as market_part,
        -- the difference of the two means of weeks against what both vary
        (best.best_volume - coalesce(last_weeks.volume, 0)) / sqrt(
            nullif(
                greatest(best.best_squares - best.best_volume * best.best_volume / {{ quarter_weeks() }}, 0)
                + greatest(
                    coalesce(last_weeks.squares, 0)
                    - coalesce(last_weeks.volume, 0) * coalesce(last_weeks.volume, 0) / {{ quarter_weeks() }}, 0
                ),
                0
            ) * {{ quarter_weeks() }} / {{ quarter_weeks() | int - 1 }}
        ) as distance
    from best
    inner join {{ ref('week_supplier_entity') }} as suppliers on best.supplier_key = suppliers.supplier_key
    left join {{ ref('snap_supplier_capacity') }} as capacities
        on suppliers.supplier_id = capacities.supplier_id and capacities.hs4 = 'all'
    left join last_weeks on best.supplier_key = last_weeks.supplier_key and best.moment = last_weeks.moment
),

judged as (
    select
        parts.*,
        parts.part < {{ threshold('slack_part') }}
        and parts.market_part < {{ threshold('slack_part') }}
        -- without any variation every fall is one
        and coalesce(parts.distance >= {{ threshold('slack_distance') }}, true) as is_slack,
        parts.part < {{ threshold('slack_part') }} * (1 + constants.tier_hysteresis) as holds
    from parts
    cross join {{ ref('week_rule') }} as constants
),

seen as (
    select
        weeks.supplier_key,
        min(weeks.week_number) as first_week
    from weeks
    group by weeks.supplier_key
),

held as (
    {{ held_episodes('slack_opened', threshold('rule_holds_weeks')) }}
),

found as (
    select
        now.supplier_key,
        now.part,
        now.best_week,
        -- under the line in the same weeks of a year ago too: its season
        coalesce(year_ago.part < {{ threshold('slack_part') }}, false) as is_season,
        seen.first_week <= week.week_number - 2 * {{ weeks_of_year() }} + 1 as has_two_years,
        -- under the line already before: no news
        before.part as part_before,
        now.is_slack and coalesce(not before.is_slack, false) as fires,
        {{ share_of('suppliers.named_volume', 'suppliers.volume') }} as coverage
    from judged as now
    inner join judged as before on now.supplier_key = before.supplier_key and before.moment = 'before'
    left join judged as year_ago on now.supplier_key = year_ago.supplier_key and year_ago.moment = 'a year ago'
    inner join seen on now.supplier_key = seen.supplier_key
    inner join {{ ref('week_supplier') }} as suppliers on now.supplier_key = suppliers.supplier_key
    cross join {{ ref('asof_week') }} as week
    left join held on now.supplier_key = held.supplier_key
    where
        now.moment = 'now'
        -- the best of less than a year would be a season's
        and seen.first_week <= week.week_number - {{ weeks_of_year() }} + 1
        and (
            (now.is_slack and coalesce(not before.is_slack, false))
            or (now.holds and held.supplier_key is not null)
        )
)

select
    {{ finding_of_rule(
        'slack_opened', 'found.supplier_key', 'null', 'null', "''", '1', 'found.part', '100 * (found.part - 1)',
        'found.coverage', 'found.fires and not (found.is_season and found.has_two_years)',
        "case when not found.has_two_years then 'short_record' when found.is_season then 'season' else 'noise' end",
        {
            'before_start': 'found.best_week - ' ~ (quarter_weeks() | int - 1), 'before_end': 'found.best_week',
            'window_start': 'week.week_number - ' ~ (quarter_weeks() | int - 1), 'window_end': 'week.week_number',
            'began': 'week.week_number - ' ~ (quarter_weeks() | int - 1)
        }
    ) }}
from found
cross join {{ ref('asof_week') }} as week
