-- One row per supplier and line of concentration that it crossed since the last frozen week, or holds since: findings
-- of `concentration_crossed`. HHI over named customers, at the lines of the 2023 US merger guidelines; a customer over
-- a tenth. A line is crossed upwards only at 1.2 of it and downwards only under 0.8.

with lines as (
    select 'hhi_0.10' as line, {{ alert_rule('hhi_moderate') }} as cut, false as is_customer
    union all
    select 'hhi_0.18' as line, {{ alert_rule('hhi_high') }} as cut, false as is_customer
    union all
    select 'major_customer' as line, rules.major_customer_share as cut, true as is_customer
    from {{ ref('week_rule') }} as rules
),

figures as (
    select
        suppliers.supplier_key,
        cast(null as integer) as consignee_key,
        suppliers.driver_key,
        suppliers.hhi_before as figure_before,
        suppliers.hhi as figure_now
    from {{ ref('week_supplier_now') }} as suppliers
    where suppliers.hhi is not null

    union all

    -- a customer that came within the year was none before, one that left has nothing now
    select
        coalesce(now.supplier_key, before.supplier_key) as supplier_key,
        coalesce(now.consignee_key, before.consignee_key) as consignee_key,
        coalesce(now.consignee_key, before.consignee_key) as driver_key,
        coalesce(before.share, 0) as figure_before,
        coalesce(now.share, 0) as figure_now
    from {{ ref('week_pair_share') }} as now
    full join (
        select pairs.* from {{ ref('week_pair_before') }} as pairs
        where pairs.consignee_key is not null
    ) as before on now.supplier_key = before.supplier_key and now.consignee_key = before.consignee_key
),

sides as (
    select
        figures.*,
        lines.line,
        cast(lines.cut * (1 + rules.tier_hysteresis) as double) as upper_cut,
        cast(lines.cut * (1 - rules.tier_hysteresis) as double) as lower_cut
    from figures
    inner join lines on (figures.consignee_key is not null) = lines.is_customer
    cross join {{ ref('week_rule') }} as rules
),

moved as (
    select
        *,
        line || '_up' as threshold,
        figure_before < upper_cut and figure_now >= upper_cut as crosses,
        figure_now >= lower_cut as holds
    from sides

    union all

    select
        *,
        line || '_down' as threshold,
        figure_before > lower_cut and figure_now <= lower_cut as crosses,
        figure_now < upper_cut as holds
    from sides
),

told as (
    select distinct supplier_key, consignee_key
    from {{ ref('week_open_episode') }}
    where alert_type in ('customer_lost', 'went_dark')
),

held as (
    select episodes.*
    from {{ ref('week_open_episode') }} as episodes
    cross join {{ ref('asof_week') }} as week
    where
        episodes.alert_type = 'concentration_crossed'
        and episodes.first_window_end > week.week_number - {{ alert_rule('rule_holds_weeks') }}
),

found as (
    select
        moved.*,
        suppliers.coverage,
        -- where few bills are told, or other ones than before are named, the figure moves and the trade does not
        moved.crosses
        and suppliers.bills >= {{ alert_rule('concentration_bills') }}
        and abs(suppliers.coverage - suppliers.coverage_before) <= {{ alert_rule('concentration_coverage') }}
        and told.supplier_key is null as fires
    from moved
    inner join {{ ref('week_supplier_now') }} as suppliers on moved.supplier_key = suppliers.supplier_key
    left join told on moved.supplier_key = told.supplier_key and moved.consignee_key = told.consignee_key
    left join held
        on
            moved.supplier_key = held.supplier_key
            and coalesce(moved.consignee_key, 0) = coalesce(held.consignee_key, 0)
            and moved.threshold = held.threshold
    where moved.crosses or (moved.holds and held.supplier_key is not null)
)

select
    {{ finding_of_rule(
        'concentration_crossed', 'found.supplier_key', 'found.consignee_key', 'found.driver_key', 'found.threshold',
        'found.figure_before', 'found.figure_now', '100 * (found.figure_now - found.figure_before)', 'found.coverage',
        'coalesce(found.fires, false)', 'noise'
    ) }}
from found
cross join {{ ref('week_before') }} as before
cross join {{ ref('asof_week') }} as week
