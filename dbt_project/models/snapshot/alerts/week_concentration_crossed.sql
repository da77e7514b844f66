-- One row per line of concentration that a supplier crossed since the last frozen week, or whose crossing lasts:
-- findings of `concentration_crossed`. HHI over named customers crosses a line of the 2023 US merger guidelines upwards
-- at 1.2 of it and downwards at 0.8, and only when half a year ago it was on the other side: a figure that hovers near
-- a line raises no alert. A customer becomes a major one, or ceases to be, with tiers A and B.

with lines as (
    select
        'hhi_' || cast(cast(rules.value as decimal(4, 2)) as varchar) as line,
        rules.value as cut
    from {{ ref('thresholds') }} as rules
    where rules.name in ('hhi_moderate', 'hhi_high')
),

sides as (
    select
        suppliers.*,
        lines.line,
        lines.cut,
        cast(lines.cut * (1 + constants.tier_hysteresis) as double) as upper_cut,
        cast(lines.cut * (1 - constants.tier_hysteresis) as double) as lower_cut,
        -- where bills are few, or other ones than before are named, the figure moves and the trade does not
        suppliers.bills >= {{ threshold('concentration_bills') }}
        and abs(suppliers.coverage - suppliers.coverage_before) <= {{ threshold('concentration_coverage') }}
            as is_comparable
    from {{ ref('week_supplier_now') }} as suppliers
    cross join lines
    cross join {{ ref('week_rule') }} as constants
),

moved as (
    select
        *,
        line || '_up' as threshold,
        is_comparable and hhi >= upper_cut and hhi_before < upper_cut and hhi_half_year < cut as fires,
        hhi >= lower_cut as holds
    from sides

    union all

    select
        *,
        line || '_down' as threshold,
        is_comparable and hhi <= lower_cut and hhi_before > lower_cut and hhi_half_year > cut as fires,
        hhi <= upper_cut as holds
    from sides
),

customers as (
    select
        tiers.supplier_key,
        tiers.consignee_key,
        tiers.from_value,
        tiers.to_value,
        case when split_part(tiers.threshold, '>', 2) in ('A', 'B') then 'up' else 'down' end as direction
    from {{ ref('week_tier_crossed') }} as tiers
    inner join {{ ref('week_supplier_now') }} as suppliers on tiers.supplier_key = suppliers.supplier_key
    where
        tiers.fires
        and suppliers.bills >= {{ threshold('concentration_bills') }}
        and (split_part(tiers.threshold, '>', 1) in ('A', 'B'))
        <> (split_part(tiers.threshold, '>', 2) in ('A', 'B'))
),

held as (
    {{ held_episodes('concentration_crossed', threshold('rule_holds_weeks')) }}
),

held_customers as (
    select
        held.supplier_key,
        held.consignee_key,
        held.threshold,
        coalesce(before.share, 0) as from_value,
        coalesce(now.share, 0) as to_value
    from held
    inner join {{ ref('week_ladder') }} as ladder
        on held.supplier_key = ladder.supplier_key and held.consignee_key = ladder.consignee_key
    inner join {{ ref('week_pair_share') }} as now
        on held.supplier_key = now.supplier_key and held.consignee_key = now.consignee_key
    left join {{ ref('week_pair_before') }} as before
        on held.supplier_key = before.supplier_key and held.consignee_key = before.consignee_key
    where (held.threshold = 'major_customer_up') = (ladder.tier in ('A', 'B'))
),

found as (
    select
        moved.supplier_key,
        cast(null as integer) as consignee_key,
        moved.driver_key,
        moved.threshold,
        moved.hhi_before as from_value,
        moved.hhi as to_value,
        coalesce(moved.fires, false) as fires
    from moved
    left join held on moved.supplier_key = held.supplier_key and moved.threshold = held.threshold
    where moved.fires or (moved.holds and held.supplier_key is not null)

    union all

    select
        supplier_key,
        consignee_key,
        consignee_key as driver_key,
        'major_customer_' || direction as threshold,
        from_value,
        to_value,
        true as fires
    from customers

    union all

    select
        held_customers.supplier_key,
        held_customers.consignee_key,
        held_customers.consignee_key as driver_key,
        held_customers.threshold,
        held_customers.from_value,
        held_customers.to_value,
        false as fires
    from held_customers
    left join customers
        on
            held_customers.supplier_key = customers.supplier_key
            and held_customers.consignee_key = customers.consignee_key
            and held_customers.threshold = 'major_customer_' || customers.direction
    where customers.supplier_key is null
)

select
    {{ finding_of_rule(
        'concentration_crossed', 'found.supplier_key', 'found.consignee_key', 'found.driver_key', 'found.threshold',
        'found.from_value', 'found.to_value', '100 * (found.to_value - found.from_value)', 'suppliers.coverage',
        'found.fires', 'noise'
    ) }}
from found
inner join {{ ref('week_supplier_now') }} as suppliers on found.supplier_key = suppliers.supplier_key
cross join {{ ref('week_past') }} as before
cross join {{ ref('asof_week') }} as week
-- the first week that is published has none before it to cross from
where before.week_number is not null
