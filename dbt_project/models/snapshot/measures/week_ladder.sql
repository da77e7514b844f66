-- One row per named supplier and named consignee of the 52 weeks: its tier and what is between it and the next one.

with pairs as (
    select
        pairs.*,
        sellers.supplier_id,
        customers.consignee_id
    from {{ ref('week_pair_share') }} as pairs
    inner join {{ ref('week_supplier_entity') }} as sellers on pairs.supplier_key = sellers.supplier_key
    inner join {{ ref('week_consignee_entity') }} as customers on pairs.consignee_key = customers.consignee_key
),

-- a cut is passed at itself by whom no tier is known; else upwards a fifth above it and downwards a fifth below
cuts as (
    select
        pairs.supplier_id,
        pairs.consignee_id,
        pairs.supplier_key,
        pairs.consignee_key,
        pairs.volume,
        pairs.share,
        suppliers.volume as supplier_volume,
        last_tiers.tier as last_tier,
        {{ passes('last_tiers.tier', 'a') }} as passes_a,
        {{ passes('last_tiers.tier', 'b') }} as passes_b,
        {{ passes('last_tiers.tier', 'c') }} as passes_c,
        rules.tier_a_share,
        rules.tier_b_share,
        rules.tier_c_share,
        case when not pairs.is_inside then 'outside_scope' when pairs.share is null then 'no_volume' end as reason_code,
        {{ raw_tier('intervals.interval_low') }} as interval_low_tier,
        {{ raw_tier('intervals.interval_high') }} as interval_high_tier,
        rules.tier_hysteresis
    from pairs
    inner join {{ ref('week_supplier') }} as suppliers on pairs.supplier_key = suppliers.supplier_key
    left join {{ ref('week_last_tier') }} as last_tiers
        on pairs.supplier_id = last_tiers.supplier_id and pairs.consignee_id = last_tiers.consignee_id
    inner join {{ ref('week_interval') }} as intervals
        on pairs.supplier_key = intervals.supplier_key and pairs.consignee_key = intervals.consignee_key
    cross join {{ ref('week_rule') }} as rules
),

tiers as (
    select
        *,
        case
            when reason_code is not null then null
            when passes_a then 'A'
            when passes_b then 'B'
            when passes_c then 'C'
            else 'D'
        end as tier
    from cuts
),

ladder as (
    select
        *,
        case tier when 'B' then 'A' when 'C' then 'B' when 'D' then 'C' end as next_tier,
        case tier when 'B' then tier_a_share when 'C' then tier_b_share when 'D' then tier_c_share end as next_share
    from tiers
)

select
    supplier_id,
    consignee_id,
    supplier_key,
    consignee_key,
    tier,
    last_tier,
    next_tier,
    -- hysteresis can hold a tier outside of what its share's interval allows
    greatest(tier, interval_low_tier) as tier_low,
    least(tier, interval_high_tier) as tier_high,
    -- what is added adds to the whole too; a cut that is passed already is no gap
    case
        when share < next_share
            then {{ volume_to_share('next_share') }}
        when next_share is not null then 0.0
    end as gap_to_next_tier,
    case
        when share < next_share * (1 + tier_hysteresis)
            then {{ volume_to_share('next_share * (1 + tier_hysteresis)') }}
        when next_share is not null then 0.0
    end as gap_to_move,
    reason_code
from ladder
