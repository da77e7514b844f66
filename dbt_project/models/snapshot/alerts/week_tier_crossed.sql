-- One row per pair whose tier moved since the last frozen week, or whose move has an open episode: findings of
-- `tier_crossed`. Hysteresis is in the tier already. A move that the parties of now show in the week before too, is a
-- decision's or a late bill's doing and none of the trade.

with pairs as (
    select
        ladder.supplier_key,
        ladder.consignee_key,
        ladder.tier,
        ladder.last_tier,
        now.share as share_now,
        coalesce(before.share, 0) as share
    from {{ ref('week_ladder') }} as ladder
    inner join {{ ref('week_pair_share') }} as now
        on ladder.supplier_key = now.supplier_key and ladder.consignee_key = now.consignee_key
    left join {{ ref('week_pair_before') }} as before
        on ladder.supplier_key = before.supplier_key and ladder.consignee_key = before.consignee_key
    where ladder.tier is not null
),

judged as (
    select
        pairs.*,
        case
            when {{ passes('pairs.last_tier', 'a') }} then 'A'
            when {{ passes('pairs.last_tier', 'b') }} then 'B'
            when {{ passes('pairs.last_tier', 'c') }} then 'C'
            else 'D'
        end as tier_before
    from pairs
    cross join {{ ref('week_rule') }} as rules
),

-- a customer that left slides down the tiers for a year: that is one piece of news, and has its alert
left_already as (
    select distinct supplier_key, consignee_key
    from {{ ref('week_open_episode') }}
    where alert_type in ('customer_lost', 'went_dark')
),

held as (
    {{ held_episodes('tier_crossed', threshold('rule_holds_weeks')) }}
),

crossed as (
    select
        judged.supplier_key,
        judged.consignee_key,
        judged.last_tier || '>' || judged.tier as threshold,
        judged.share,
        judged.share_now,
        true as fires
    from judged
    left join left_already
        on judged.supplier_key = left_already.supplier_key and judged.consignee_key = left_already.consignee_key
    where judged.last_tier <> judged.tier and judged.tier_before <> judged.tier and left_already.supplier_key is null
),

still as (
    select
        judged.supplier_key,
        judged.consignee_key,
        held.threshold,
        judged.share,
        judged.share_now,
        false as fires
    from judged
    inner join held on judged.supplier_key = held.supplier_key and judged.consignee_key = held.consignee_key
    where held.threshold like '%>' || judged.tier
),

found as (
    select * from crossed
    union all
    select still.*
    from still
    left join crossed
        on
            still.supplier_key = crossed.supplier_key
            and still.consignee_key = crossed.consignee_key
            and still.threshold = crossed.threshold
    where crossed.supplier_key is null
)

select
    {{ finding_of_rule(
        'tier_crossed', 'found.supplier_key', 'found.consignee_key', 'found.consignee_key', 'found.threshold',
        'found.share', 'found.share_now', '100 * (found.share_now - found.share)', 'suppliers.coverage',
        'found.fires', 'noise'
    ) }}
from found
inner join {{ ref('week_supplier_now') }} as suppliers on found.supplier_key = suppliers.supplier_key
cross join {{ ref('week_past') }} as before
cross join {{ ref('asof_week') }} as week
-- the first week that is published has none before it to cross from
where before.week_number is not null
