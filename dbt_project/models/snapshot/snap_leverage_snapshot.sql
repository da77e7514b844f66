-- One row per named supplier, named consignee, product and as-of week (`all` products, `unknown` ones): who depends on
-- whom, and which questions to begin with (codes; pipeline/reporting/questions.py makes the sentences).

-- a word that begins many names is a location or a trade
with supplier_words as (
    select first_word, count(*) as firms
    from {{ ref('week_supplier_entity') }}
    group by first_word
),

consignee_words as (
    select first_word, count(*) as firms
    from {{ ref('week_consignee_entity') }}
    group by first_word
),

rare_words as (
    select supplier_words.first_word
    from supplier_words
    inner join consignee_words on supplier_words.first_word = consignee_words.first_word
    cross join {{ ref('week_rule') }} as rules
    where
        length(supplier_words.first_word) >= rules.related_word_letters
        and supplier_words.firms <= rules.related_word_firms
        and consignee_words.firms <= rules.related_word_firms
),

-- pairs whose names begin with the same rare word
related as (
    select
        pairs.supplier_key,
        pairs.consignee_key
    from {{ ref('week_pair_share') }} as pairs
    inner join {{ ref('week_supplier_entity') }} as sellers on pairs.supplier_key = sellers.supplier_key
    inner join {{ ref('week_consignee_entity') }} as customers on pairs.consignee_key = customers.consignee_key
    inner join rare_words on sellers.first_word = rare_words.first_word
    where sellers.first_word = customers.first_word
),

facts as (
    select
        powers.*,
        rules.ruleset_version,
        ladder.next_tier,
        ladder.gap_to_next_tier,
        rules.posture_share,
        powers.share_basis = 'supplier' and powers.share_of_supplier > rules.major_customer_share as is_major_customer,
        related.supplier_key is not null as is_related_party_suspected,
        greatest(powers.supplier_forwarded_share, powers.buyer_forwarded_share) >= rules.forwarder_heavy_share
            as is_forwarder_heavy,
        case
            when powers.consignee_key = powers.top_consignee_key then 'largest'
            else 'other'
        end as standing,
        ranges.power_low,
        ranges.power_high,
        ranges.mutual_low,
        ranges.mutual_high,
        ranges.share_of_supplier_interval_low,
        ranges.share_of_supplier_interval_high,
        ranges.share_of_buyer_interval_low,
        ranges.share_of_buyer_interval_high,
        ranges.first_cell,
        ranges.first_cell_share,
        ranges.second_cell,
        ranges.second_cell_share,
        case when powers.alternatives >= rules.posture_alternatives then 'two_or_more' else 'fewer' end
            as alternatives_band
    from {{ ref('week_power') }} as powers
    inner join {{ ref('week_range') }} as ranges
        on
            powers.supplier_key = ranges.supplier_key
            and powers.consignee_key = ranges.consignee_key
            and powers.hs4 = ranges.hs4
    inner join {{ ref('week_ladder') }} as ladder
        on powers.supplier_key = ladder.supplier_key and powers.consignee_key = ladder.consignee_key
    left join related
        on powers.supplier_key = related.supplier_key and powers.consignee_key = related.consignee_key
    cross join {{ ref('week_rule') }} as rules
),

postures as (
    select
        facts.*,
        likeliest.posture as posture_first,
        facts.first_cell_share >= facts.posture_share as is_determined,
        next_likely.posture as posture_second
    from facts
    left join {{ ref('posture') }} as likeliest
        on
            facts.first_cell = likeliest.power_band || '_' || likeliest.mutual_band
            and likeliest.alternatives_band in ('any', facts.alternatives_band)
    left join {{ ref('posture') }} as next_likely
        on
            facts.second_cell = next_likely.power_band || '_' || next_likely.mutual_band
            and next_likely.alternatives_band in ('any', facts.alternatives_band)
),

questions as (
    select
        postures.*,
        templates.question_id
    from postures
    left join {{ ref('question') }} as templates
        on postures.posture_first = templates.posture and postures.standing = templates.standing
)

select
    week.as_of_week,
    questions.supplier_id,
    questions.consignee_id,
    questions.hs4,

    -- volume, in the supplier's unit
    cast(questions.volume as decimal(20, 6)) as volume_52w,
    case when questions.is_in_teu then 'teu' else 'kg' end as volume_unit,
    questions.bills as bills_52w,
    questions.supplier_bills as supplier_bills_52w,
    questions.supplier_volume as supplier_volume_52w,
    questions.supplier_unnamed_volume as unnamed_volume_52w,

    -- the two shares
    questions.share_basis,
    questions.share_of_supplier,
    questions.share_of_supplier_low,
    questions.share_of_supplier_high,
    coalesce(questions.share_of_supplier_interval_low, intervals.interval_low) as interval_low,
    coalesce(questions.share_of_supplier_interval_high, intervals.interval_high) as interval_high,
    questions.share_of_buyer,
    questions.share_of_buyer_low,
    questions.share_of_buyer_high,
    questions.share_of_buyer_interval_low,
    questions.share_of_buyer_interval_high,
    questions.buyer_volume as buyer_volume_52w,
    case when questions.buyer_is_in_teu then 'teu' else 'kg' end as buyer_volume_unit,

    -- ways out
    questions.alternatives,
    questions.alternatives_grade_b,
    questions.alternatives_grade_c,
    questions.alternatives_seen,
    questions.supplier_substitutability,
    questions.other_customers_hhi,
    questions.growth_ratio,
    questions.customer_substitutability,
    refills.refill_scale,
    refills.refill_source,
    questions.no_alternatives as no_alt_suppliers_visible,
    questions.has_one_supplier as no_second_source,

    -- two axes
    questions.depends_supplier,
    questions.depends_buyer,
    questions.power,
    questions.power_low,
    questions.power_high,
    questions.mutual,
    questions.mutual_low,
    questions.mutual_high,
    questions.contribution_supplier_share,
    questions.contribution_customer_substitutability,
    questions.contribution_buyer_share,
    questions.contribution_supplier_substitutability,

    -- how to begin
    case
        when questions.is_determined then questions.posture_first
        when questions.posture_first is not null then 'undetermined'
    end as posture,
    questions.posture_first,
    questions.first_cell_share as posture_first_share,
    case when not questions.is_determined then questions.posture_second end as posture_second,
    case when not questions.is_determined then questions.second_cell_share end as posture_second_share,
    questions.question_id,
    questions.next_tier,
    questions.gap_to_next_tier as commitment_volume,
    {{ share_of('questions.gap_to_next_tier', 'questions.purchases') }} as commitment_share_of_purchases,
    capacities.slack_156w as supplier_slack,
    case
        when capacities.slack_156w > 0
            then
                questions.gap_to_next_tier * capacities.window_weeks / {{ weeks_of_year() }}
                / cast(capacities.slack_156w as double)
    end as commitment_share_of_slack,

    -- what to heed
    coalesce(questions.is_major_customer, false) as is_major_customer,
    coalesce(questions.is_forwarder_heavy, false) as is_forwarder_heavy,
    questions.is_related_party_suspected,
    least(1 - questions.supplier_unnamed_share, 1 - questions.buyer_unnamed_share) as coverage,
    questions.uncertain_volume_share,
    questions.both_hidden_share,
    questions.reason_code,
    week.er_version,
    questions.ruleset_version
from questions
left join {{ ref('week_interval') }} as intervals
    on questions.supplier_key = intervals.supplier_key and questions.consignee_key = intervals.consignee_key
left join {{ ref('snap_supplier_capacity') }} as capacities
    on questions.supplier_id = capacities.supplier_id and capacities.hs4 = 'all'
cross join {{ ref('week_refill') }} as refills
cross join {{ ref('asof_week') }} as week
