-- One row: the thresholds of the measures, one column each, and the version of the rules.

select
    cast(max(case when name = 'ruleset_major' then cast(value as integer) end) as varchar)
    || '.' || cast(max(case when name = 'ruleset_minor' then cast(value as integer) end) as varchar) as ruleset_version,
    max(case when name = 'tier_a_share' then value end) as tier_a_share,
    max(case when name = 'tier_b_share' then value end) as tier_b_share,
    max(case when name = 'tier_c_share' then value end) as tier_c_share,
    max(case when name = 'tier_hysteresis' then value end) as tier_hysteresis,
    max(case when name = 'least_bills' then value end) as least_bills,
    max(case when name = 'unnamed_share' then value end) as unnamed_share,
    max(case when name = 'uncertain_share' then value end) as uncertain_share,
    max(case when name = 'refill_scale' then value end) as refill_scale,
    max(case when name = 'alternatives_half' then value end) as alternatives_half,
    max(case when name = 'alternative_b_weight' then value end) as alternative_b_weight,
    max(case when name = 'alternative_c_weight' then value end) as alternative_c_weight,
    max(case when name = 'alternative_weight_cap' then value end) as alternative_weight_cap,
    max(case when name = 'interval_level' then value end) as interval_level,
    max(case when name = 'power_strong' then value end) as power_strong,
    max(case when name = 'mutual_high' then value end) as mutual_high,
    max(case when name = 'posture_alternatives' then value end) as posture_alternatives,
    max(case when name = 'posture_share' then value end) as posture_share,
    max(case when name = 'major_customer_share' then value end) as major_customer_share,
    max(case when name = 'forwarder_heavy_share' then value end) as forwarder_heavy_share,
    max(case when name = 'related_word_letters' then value end) as related_word_letters,
    max(case when name = 'related_word_firms' then value end) as related_word_firms,
    max(case when name = 'consolidation_suppliers' then value end) as consolidation_suppliers
from {{ ref('thresholds') }}
