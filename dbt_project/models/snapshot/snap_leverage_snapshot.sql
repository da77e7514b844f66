-- One row per named supplier, named consignee, product and as-of week (`all` products, `unknown` ones): who depends on
-- whom, and how to begin to talk of it.

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
        ladder.gap_to_next_tier / {{ months_of_year() }} as monthly_gap,
        suppliers.customers,
        powers.share_of_supplier > rules.major_customer_share as is_major_customer,
        related.supplier_key is not null as is_related_party_suspected,
        greatest(powers.supplier_forwarded_share, powers.buyer_forwarded_share) >= rules.forwarder_heavy_share
            as is_forwarder_heavy,
        case
            when powers.consignee_key = suppliers.top_consignee_key then 'largest'
            else 'other'
        end as standing,
        case
            when powers.power >= rules.power_strong then 'strong'
            when powers.power <= -rules.power_strong then 'weak'
            when powers.power is not null then 'balanced'
        end as power_band,
        case when powers.mutual >= rules.mutual_high then 'high' else 'low' end as mutual_band,
        case when powers.alternatives >= rules.posture_alternatives then 'two_or_more' else 'fewer' end
            as alternatives_band,
        cast(pairs.containers as double) / {{ months_of_year() }} as our_containers,
        cast(pairs.weight_kg as double) / {{ months_of_year() }} / 1000 as our_tonnes,
        cast(suppliers.top_containers as double) / {{ months_of_year() }} as top_containers,
        cast(suppliers.top_weight_kg as double) / {{ months_of_year() }} / 1000 as top_tonnes
    from {{ ref('week_power') }} as powers
    inner join {{ ref('week_ladder') }} as ladder
        on powers.supplier_key = ladder.supplier_key and powers.consignee_key = ladder.consignee_key
    inner join {{ ref('week_pair_share') }} as pairs
        on powers.supplier_key = pairs.supplier_key and powers.consignee_key = pairs.consignee_key
    inner join {{ ref('week_supplier') }} as suppliers on powers.supplier_key = suppliers.supplier_key
    left join related
        on powers.supplier_key = related.supplier_key and powers.consignee_key = related.consignee_key
    cross join {{ ref('week_rule') }} as rules
),

postures as (
    select
        facts.*,
        postures.posture
    from facts
    left join {{ ref('posture') }} as postures
        on
            facts.power_band = postures.power_band
            and facts.mutual_band = postures.mutual_band
            and postures.alternatives_band in ('any', facts.alternatives_band)
),

templates as (
    select
        question_id,
        posture,
        standing,
        {{ numbered_template('opening_question') }} as opening_template,
        {{ numbered_template('their_question') }} as their_template,
        {{ numbered_template('honest_answer') }} as answer_template
    from {{ ref('question') }}
),

-- only rows with a posture have something to say
worded as (
    select
        postures.*,
        templates.question_id,
        templates.opening_template,
        templates.their_template,
        templates.answer_template,
        {{ told_share('postures.share_of_supplier') }} as our_share,
        {{ told_share('postures.share_of_buyer') }} as their_share,
        {{ told_share('postures.supplier_unnamed_share') }} as unnamed_share,
        case
            when postures.is_in_teu then {{ told_amount('postures.our_containers') }}
            when postures.our_tonnes < 1 then {{ told_amount('1000 * postures.our_tonnes') }}
            else {{ told_amount('postures.our_tonnes') }}
        end as our_monthly,
        case
            when postures.is_in_teu then {{ told_amount('postures.top_containers') }}
            when postures.our_tonnes < 1 then {{ told_amount('1000 * postures.top_tonnes') }}
            else {{ told_amount('postures.top_tonnes') }}
        end as top_monthly,
        -- of both alike: who takes less than a tonne is told kilograms
        case
            when postures.is_in_teu then 'containers'
            when postures.our_tonnes < 1 then 'kg'
            else 'tonnes'
        end as monthly_unit,
        case
            when postures.alternatives = 0 then 'no other supplier'
            when postures.alternatives = 1 then '1 other supplier'
            else postures.alternatives || ' other suppliers'
        end as told_alternatives,
        case when postures.hs4 = 'all' then 'what we buy' else 'what we buy of HS ' || postures.hs4 end
            as told_purchases,
        case
            when postures.gap_to_next_tier is null then 'a firm volume'
            when postures.is_in_teu
                then 'another ' || {{ told_amount('postures.monthly_gap') }} || ' TEU a month'
            when postures.monthly_gap < 1000
                then 'another ' || {{ told_amount('postures.monthly_gap') }} || ' kg a month'
            else 'another ' || {{ told_amount('postures.monthly_gap / 1000') }} || ' tonnes a month'
        end as more
    from postures
    left join templates on postures.posture = templates.posture and postures.standing = templates.standing
)

select
    week.as_of_week,
    worded.supplier_id,
    worded.consignee_id,
    worded.hs4,

    -- volume, in the supplier's unit
    cast(worded.volume as decimal(20, 6)) as volume_52w,
    case when worded.is_in_teu then 'teu' else 'kg' end as volume_unit,
    worded.bills as bills_52w,
    worded.supplier_bills as supplier_bills_52w,
    worded.supplier_volume as supplier_volume_52w,
    worded.supplier_unnamed_volume as unnamed_volume_52w,

    -- the two shares
    worded.share_of_supplier,
    worded.share_of_supplier as share_of_supplier_low,
    worded.share_of_supplier_high,
    intervals.interval_low,
    intervals.interval_high,
    worded.share_of_buyer,
    worded.share_of_buyer as share_of_buyer_low,
    worded.share_of_buyer_high,
    worded.buyer_volume as buyer_volume_52w,
    case when worded.buyer_is_in_teu then 'teu' else 'kg' end as buyer_volume_unit,

    -- ways out
    worded.alternatives,
    worded.supplier_substitutability,
    worded.other_customers_hhi,
    worded.growth_ratio,
    worded.customer_substitutability,
    worded.no_alternatives as no_alt_suppliers_visible,
    worded.buyer_suppliers = 1 as no_second_source,

    -- two axes
    worded.depends_supplier,
    worded.depends_buyer,
    worded.power,
    worded.mutual,
    worded.contribution_supplier_share,
    worded.contribution_customer_substitutability,
    worded.contribution_buyer_share,
    worded.contribution_supplier_substitutability,

    -- how to begin
    worded.posture,
    worded.question_id,
    {{ told('opening_template') }} as opening_question,
    {{ told('their_template') }} as their_question,
    {{ told('answer_template') }} as honest_answer,
    worded.next_tier,
    worded.gap_to_next_tier as commitment_volume,
    {{ share_of('worded.gap_to_next_tier', 'worded.purchases') }} as commitment_share_of_purchases,
    cast(slack.best_quarter_volume - slack.last_quarter_volume as decimal(20, 6)) as supplier_slack,
    case
        when slack.best_quarter_volume > slack.last_quarter_volume
            then
                worded.gap_to_next_tier / 4
                / cast(slack.best_quarter_volume - slack.last_quarter_volume as double)
    end as commitment_share_of_slack,

    -- what to heed
    coalesce(worded.is_major_customer, false) as is_major_customer,
    coalesce(worded.is_forwarder_heavy, false) as is_forwarder_heavy,
    worded.is_related_party_suspected,
    least(1 - worded.supplier_unnamed_share, 1 - worded.buyer_unnamed_share) as coverage,
    worded.both_hidden_share,
    worded.reason_code,
    week.er_version,
    worded.ruleset_version
from worded
left join {{ ref('week_interval') }} as intervals
    on worded.supplier_key = intervals.supplier_key and worded.consignee_key = intervals.consignee_key
left join {{ ref('week_supplier_slack') }} as slack on worded.supplier_key = slack.supplier_key
cross join {{ ref('asof_week') }} as week
