{#-
Shares over a trailing year, for either side of the pairs.

A pair's volume over the trailing 52 weeks only changes where one of its weeks enters the window or leaves it 52 weeks later.
So the sums over all counterparties (of volumes, and of their squares for the concentration) are running sums of such
changes, two for each pair-week, and never a row for each week that a pair-week stays in the window. In an incremental build
all that entered before the first week to rebuild enters as one sum. All sums are of decimals: what enters leaves again
without a trace.
-#}

{#- CTEs `own_weeks`, `concentration` and `leaders`. -#}
{% macro trailing_year(own, other) %}
pair_weeks as (
    select
        pairs.{{ own }}_key as own_key,
        pairs.{{ other }}_key as other_key,
        pairs.week_start_date,
        pairs.week_number,
        {{ first_week_number() }} as first_week_number,
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
        count(case when other_is_named then other_key end) as named_others
    from pair_weeks
    where week_number >= first_week_number
    group by own_key, week_start_date, week_number
),

last_weeks as (
    select own_key, max(week_number) as week_number
    from own_weeks
    group by own_key
),

entering_and_leaving as (
    select
        own_key,
        other_key,
        other_is_named,
        greatest(week_number, first_week_number) as week_number,
        1 as weeks,
        coalesce(teu, 0) as teu,
        coalesce(weight_kg, 0) as weight_kg,
        coalesce(sized_weight_kg, 0) as sized_weight_kg,
        coalesce(redacted_teu, 0) as redacted_teu,
        coalesce(redacted_kg, 0) as redacted_kg
    from pair_weeks

    union all

    select
        pair_weeks.own_key,
        pair_weeks.other_key,
        pair_weeks.other_is_named,
        pair_weeks.week_number + {{ weeks_of_year() }} as week_number,
        -1 as weeks,
        -coalesce(pair_weeks.teu, 0) as teu,
        -coalesce(pair_weeks.weight_kg, 0) as weight_kg,
        -coalesce(pair_weeks.sized_weight_kg, 0) as sized_weight_kg,
        -coalesce(pair_weeks.redacted_teu, 0) as redacted_teu,
        -coalesce(pair_weeks.redacted_kg, 0) as redacted_kg
    from pair_weeks
    inner join last_weeks
        on
            pair_weeks.own_key = last_weeks.own_key
            and pair_weeks.week_number + {{ weeks_of_year() }} <= last_weeks.week_number
),

pair_changes as (
    select
        own_key,
        other_key,
        other_is_named,
        week_number,
        sum(weeks) as weeks,
        sum(teu) as teu,
        sum(weight_kg) as weight_kg,
        sum(sized_weight_kg) as sized_weight_kg,
        sum(redacted_teu) as redacted_teu,
        sum(redacted_kg) as redacted_kg
    from entering_and_leaving
    group by own_key, other_key, other_is_named, week_number
),

-- a named pair's volume over the trailing year, from one change to the next; wide enough that squares do not overflow
pair_years as (
    select
        own_key,
        other_key,
        week_number as from_week_number,
        lead(week_number) over pair as until_week_number,
        weeks as weeks_change,
        cast(teu as decimal(20, 6)) as teu_change,
        cast(weight_kg as decimal(20, 3)) as weight_kg_change,
        sum(weeks) over pair as weeks,
        cast(sum(teu) over pair as decimal(20, 6)) as teu,
        cast(sum(weight_kg) over pair as decimal(20, 3)) as weight_kg
    from pair_changes
    where other_is_named
    window pair as (partition by own_key, other_key order by week_number)
),

own_changes as (
    select
        own_key,
        week_number,
        sum(teu) as teu,
        sum(weight_kg) as weight_kg,
        sum(sized_weight_kg) as sized_weight_kg,
        sum(redacted_teu) as redacted_teu,
        sum(redacted_kg) as redacted_kg
    from pair_changes
    group by own_key, week_number
),

named_changes as (
    select
        own_key,
        from_week_number as week_number,
        sum(case when weeks > 0 then 1 else 0 end - case when weeks > weeks_change then 1 else 0 end) as others,
        sum(teu_change) as teu,
        sum(weight_kg_change) as weight_kg,
        -- the square of what it is less the square of what it was
        sum(teu_change * (teu + teu - teu_change)) as teu_squares,
        sum(weight_kg_change * (weight_kg + weight_kg - weight_kg_change)) as weight_kg_squares
    from pair_years
    group by own_key, from_week_number
),

years as (
    select
        own_changes.own_key,
        own_changes.week_number,
        sum(own_changes.teu) over past as teu,
        sum(own_changes.weight_kg) over past as weight_kg,
        sum(own_changes.sized_weight_kg) over past as sized_weight_kg,
        sum(own_changes.redacted_teu) over past as redacted_teu,
        sum(own_changes.redacted_kg) over past as redacted_kg,
        coalesce(sum(named_changes.others) over past, 0) as others,
        sum(named_changes.teu) over past as named_teu,
        sum(named_changes.weight_kg) over past as named_kg,
        sum(named_changes.teu_squares) over past as teu_squares,
        sum(named_changes.weight_kg_squares) over past as weight_kg_squares
    from own_changes
    left join named_changes
        on own_changes.own_key = named_changes.own_key and own_changes.week_number = named_changes.week_number
    window past as (
        partition by own_changes.own_key
        order by own_changes.week_number
        rows between unbounded preceding and current row
    )
),

judged as (
    select
        *,
        sized_weight_kg >= {{ sized_part_for_teu() }} * weight_kg and teu > 0 as is_in_teu
    from years
),

measured as (
    select
        own_weeks.*,
        judged.is_in_teu,
        judged.others as named_others_52w,
        {{ in_unit('judged.is_in_teu', 'judged.teu', 'judged.weight_kg') }} as volume_52w,
        {{ in_unit('judged.is_in_teu', 'judged.redacted_teu', 'judged.redacted_kg') }} as redacted_volume_52w,
        {{ in_unit('judged.is_in_teu', 'judged.named_teu', 'judged.named_kg') }} as named_volume_52w,
        {{ in_unit('judged.is_in_teu', 'judged.teu_squares', 'judged.weight_kg_squares') }} as named_squares_52w
    from own_weeks
    inner join judged on own_weeks.own_key = judged.own_key and own_weeks.week_number = judged.week_number
),

concentration as (
    select
        *,
        case when is_in_teu then 'teu' else 'kg' end as volume_unit,
        redacted_volume_52w / nullif(volume_52w, 0) as redacted_share,
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
            and (
                likely_leaders.until_week_number is null
                or concentration.week_number < likely_leaders.until_week_number
            )
),

ranked as (
    select
        *,
        row_number() over (partition by own_key, week_number order by volume desc, other_key) as leader_rank
    from led
    where volume >= least_leading_volume
),

leaders as (
    select own_key, week_number, other_key, volume
    from ranked
    where leader_rank = 1 and volume > 0
)
{%- endmacro %}

{#- Join: in an incremental build only changed ones, from a year before their first changed week on. -#}
{% macro trailing_weeks_only(own, alias) -%}
{{- built_after('int_changed_pair_week') -}}
{%- if is_incremental() -%}
inner join {{ changed_keys(ref('int_changed_pair_week'), own ~ '_key', 'week_start_date') }} as changed
        on
            {{ alias }}.{{ own }}_key = changed.{{ own }}_key
            and {{ alias }}.week_start_date > {{ add_days('changed.week_start_date', '-7 * ' ~ weeks_of_year()) }}
{%- endif -%}
{%- endmacro %}

{#- The first week to rebuild; in a full build all of them. -#}
{% macro first_week_number() -%}
{%- if is_incremental() -%}{{ week_number('changed.week_start_date') }}{%- else -%}0{%- endif -%}
{%- endmacro %}

{#- A volume in its unit, as a number that both units fit. -#}
{% macro in_unit(is_in_teu, teu, weight_kg) -%}
case when {{ is_in_teu }} then cast({{ teu }} as double) else cast({{ weight_kg }} as double) end
{%- endmacro %}
