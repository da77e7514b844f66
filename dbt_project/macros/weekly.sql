{#-
Shares over a trailing year, for either side of the pairs.

A pair's volume over the trailing 52 weeks only changes where one of its weeks enters the window or leaves it 52 weeks later.
So the sums over all counterparties (of volumes, and of their squares for the concentration) are running sums of such
changes, two for each pair-week, and never a row for each week that a pair-week stays in the window. All sums are of
decimals: what enters leaves again without a trace.
-#}

{% macro weeks_of_year() %}52{% endmacro %}

{#- METRICS: volume is in TEU where boxes of known size carry at least this part of the kilograms, else in kilograms. -#}
{% macro sized_part_for_teu() %}0.8{% endmacro %}

{#- CTEs `own_weeks`, `concentration` and `leaders`. -#}
{% macro trailing_year(own, other) %}
pair_weeks as (
    select
        pairs.{{ own }}_key as own_key,
        pairs.{{ other }}_key as other_key,
        pairs.week_start_date,
        pairs.week_number,
        pairs.{{ other }}_is_named as other_is_named,
        pairs.bills,
        pairs.containers,
        pairs.teu,
        pairs.weight_kg,
        pairs.sized_weight_kg,
        pairs.redacted_{{ other }}_teu as redacted_teu,
        pairs.redacted_{{ other }}_kg as redacted_kg
    from {{ ref('int_pair_week') }} as pairs
    {{ trailing_weeks_only(own, 'pairs') }}
    where pairs.{{ own }}_key <> ''
),

own_weeks as (
    select
        own_key,
        week_start_date,
        week_number,
        sum(bills) as bills,
        sum(containers) as containers,
        sum(teu) as teu,
        sum(weight_kg) as weight_kg,
        sum(sized_weight_kg) as sized_weight_kg,
        sum(redacted_teu) as redacted_teu,
        sum(redacted_kg) as redacted_kg,
        count(case when other_is_named then other_key end) as named_others
    from pair_weeks
    group by own_key, week_start_date, week_number
),

years as (
    select
        own_key,
        week_number,
        sum(teu) over year as teu,
        sum(weight_kg) over year as weight_kg,
        sum(redacted_teu) over year as redacted_teu,
        sum(redacted_kg) over year as redacted_kg,
        coalesce(
            sum(sized_weight_kg) over year >= {{ sized_part_for_teu() }} * sum(weight_kg) over year
            and sum(teu) over year > 0,
            false
        ) as is_in_teu
    from own_weeks
    window year as (
        partition by own_key
        order by week_number
        range between {{ weeks_of_year() | int - 1 }} preceding and current row
    )
),

entering_and_leaving as (
    select own_key, other_key, week_number, 1 as weeks, coalesce(teu, 0) as teu, coalesce(weight_kg, 0) as weight_kg
    from pair_weeks
    where other_is_named

    union all

    select own_key, other_key, week_number + {{ weeks_of_year() }}, -1, -coalesce(teu, 0), -coalesce(weight_kg, 0)
    from pair_weeks
    where other_is_named
),

pair_changes as (
    select
        own_key,
        other_key,
        week_number,
        sum(weeks) as weeks,
        sum(teu) as teu,
        sum(weight_kg) as weight_kg
    from entering_and_leaving
    group by own_key, other_key, week_number
),

-- a pair's volume over the trailing year, from one change to the next; wide enough that squares do not overflow
pair_years as (
    select
        own_key,
        other_key,
        week_number as from_week_number,
        lead(week_number) over pair as until_week_number,
        sum(weeks) over pair as weeks,
        cast(sum(teu) over pair as decimal(20, 6)) as teu,
        cast(sum(weight_kg) over pair as decimal(20, 3)) as weight_kg
    from pair_changes
    window pair as (partition by own_key, other_key order by week_number)
),

pair_steps as (
    select
        *,
        lag(weeks, 1, 0) over pair as weeks_before,
        cast(coalesce(lag(teu) over pair, 0) as decimal(20, 6)) as teu_before,
        cast(coalesce(lag(weight_kg) over pair, 0) as decimal(20, 3)) as weight_kg_before
    from pair_years
    window pair as (partition by own_key, other_key order by from_week_number)
),

own_steps as (
    select
        own_key,
        from_week_number as week_number,
        case when weeks > 0 then 1 else 0 end - case when weeks_before > 0 then 1 else 0 end as others,
        teu - teu_before as teu,
        weight_kg - weight_kg_before as weight_kg,
        teu * teu - teu_before * teu_before as teu_squares,
        weight_kg * weight_kg - weight_kg_before * weight_kg_before as weight_kg_squares
    from pair_steps

    union all

    select own_key, week_number, 0, 0, 0, 0, 0
    from own_weeks
),

own_changes as (
    select
        own_key,
        week_number,
        sum(others) as others,
        sum(teu) as teu,
        sum(weight_kg) as weight_kg,
        sum(teu_squares) as teu_squares,
        sum(weight_kg_squares) as weight_kg_squares
    from own_steps
    group by own_key, week_number
),

named_years as (
    select
        own_key,
        week_number,
        sum(others) over past as others,
        sum(teu) over past as teu,
        sum(weight_kg) over past as weight_kg,
        sum(teu_squares) over past as teu_squares,
        sum(weight_kg_squares) over past as weight_kg_squares
    from own_changes
    window past as (
        partition by own_key
        order by week_number
        rows between unbounded preceding and current row
    )
),

measured as (
    select
        own_weeks.*,
        years.is_in_teu,
        named_years.others as named_others_52w,
        {{ in_unit('years.is_in_teu', 'years.teu', 'years.weight_kg') }} as volume_52w,
        {{ in_unit('years.is_in_teu', 'years.redacted_teu', 'years.redacted_kg') }} as redacted_volume_52w,
        {{ in_unit('years.is_in_teu', 'named_years.teu', 'named_years.weight_kg') }} as named_volume_52w,
        {{ in_unit('years.is_in_teu', 'named_years.teu_squares', 'named_years.weight_kg_squares') }} as named_squares_52w
    from own_weeks
    inner join years on own_weeks.own_key = years.own_key and own_weeks.week_number = years.week_number
    inner join named_years
        on own_weeks.own_key = named_years.own_key and own_weeks.week_number = named_years.week_number
    where {{ touched_from('touched_' ~ own, {'own_key': own ~ '_id'}, 'week_start_date', 'own_weeks') }}
),

concentration as (
    select
        *,
        case when is_in_teu then 'teu' else 'kg' end as volume_unit,
        coalesce(redacted_volume_52w, 0) / nullif(volume_52w, 0) as redacted_share,
        named_squares_52w / nullif(named_volume_52w * named_volume_52w, 0) as hhi,
        -- the largest counterparty is at least as large as the mean weighted by size; a hair below, for rounding
        0.999999 * named_squares_52w / nullif(named_volume_52w, 0) as least_leading_volume
    from measured
),

least_leading as (
    select
        own_key,
        min(case when is_in_teu then least_leading_volume end) as teu,
        min(case when not is_in_teu then least_leading_volume end) as weight_kg
    from concentration
    group by own_key
),

-- only pairs that can lead in some week
likely_leaders as (
    select
        pair_years.own_key,
        pair_years.other_key,
        pair_years.from_week_number,
        pair_years.until_week_number,
        pair_years.teu,
        pair_years.weight_kg
    from pair_years
    inner join least_leading on pair_years.own_key = least_leading.own_key
    where
        pair_years.weeks > 0
        and (pair_years.teu >= least_leading.teu or pair_years.weight_kg >= least_leading.weight_kg)
),

led as (
    select
        concentration.own_key,
        concentration.week_number,
        likely_leaders.other_key,
        {{ in_unit('concentration.is_in_teu', 'likely_leaders.teu', 'likely_leaders.weight_kg') }} as volume,
        concentration.least_leading_volume
    from concentration
    inner join likely_leaders
        on
            concentration.own_key = likely_leaders.own_key
            and concentration.week_number >= likely_leaders.from_week_number
            and concentration.week_number < likely_leaders.until_week_number
),

ranked as (
    select
        *,
        row_number() over (partition by own_key, week_number order by volume desc, other_key) as place
    from led
    where volume >= least_leading_volume
),

leaders as (
    select own_key, week_number, other_key, volume
    from ranked
    where place = 1 and volume > 0
)
{%- endmacro %}

{#- In an incremental build: the touched ones, from a year before their first touched week on. -#}
{% macro trailing_weeks_only(own, alias) -%}
{{- built_after('touched_' ~ own) -}}
{%- if is_incremental() -%}
inner join {{ ref('touched_' ~ own) }} as touched
        on
            {{ alias }}.{{ own }}_key = touched.{{ own }}_id
            and {{ alias }}.week_start_date > {{ add_days('touched.week_start_date', '-7 * ' ~ weeks_of_year()) }}
{%- endif -%}
{%- endmacro %}

{#- A volume in its unit, as a number that both units fit. -#}
{% macro in_unit(is_in_teu, teu, weight_kg) -%}
case when {{ is_in_teu }} then cast({{ teu }} as double) else cast({{ weight_kg }} as double) end
{%- endmacro %}
