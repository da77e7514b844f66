{#- For the audit: weeks of a weekly table whose shares differ from a direct count over the pair-weeks. -#}
{% macro direct_year(own, other) %}
    select weekly.{{ own }}_id as own_key, weekly.week_start_date
    from {{ ref('fct_' ~ own ~ '_weekly') }} as weekly
    left join (
        select
            own_key,
            week_start_date,
            count(case when other_is_named then 1 end) as others,
            sum(redacted) / nullif(sum(volume), 0) as redacted_share,
            max(case when other_is_named and volume > 0 then volume end) / nullif(sum(volume), 0) as top_share,
            sum(case when other_is_named then volume * volume end)
            / nullif(power(sum(case when other_is_named then volume end), 2), 0) as hhi
        from (
            select
                weekly.{{ own }}_id as own_key,
                weekly.week_start_date,
                pairs.{{ other }}_key as other_key,
                pairs.{{ other }}_is_named as other_is_named,
                cast(
                    sum(coalesce(case when weekly.volume_unit = 'teu' then pairs.teu else pairs.weight_kg end, 0)) as double
                ) as volume,
                cast(
                    sum(coalesce(
                        case
                            when weekly.volume_unit = 'teu' then pairs.redacted_{{ other }}_teu
                            else pairs.redacted_{{ other }}_kg
                        end, 0
                    )) as double
                ) as redacted
            from {{ ref('fct_' ~ own ~ '_weekly') }} as weekly
            inner join {{ ref('int_pair_week') }} as pairs
                on
                    weekly.{{ own }}_id = pairs.{{ own }}_key
                    and {{ days_between('pairs.week_start_date', 'weekly.week_start_date') }} between 0 and 51 * 7
            group by weekly.{{ own }}_id, weekly.week_start_date, pairs.{{ other }}_key, pairs.{{ other }}_is_named
        ) as years
        group by own_key, week_start_date
    ) as direct
        on weekly.{{ own }}_id = direct.own_key and weekly.week_start_date = direct.week_start_date
    where
        direct.own_key is null
        or weekly.named_{{ other }}s_52w <> direct.others
        or abs(coalesce(weekly.redacted_share, -1) - coalesce(direct.redacted_share, -1)) > 1e-9
        or abs(coalesce(weekly.top_share, -1) - coalesce(direct.top_share, -1)) > 1e-9
        or abs(coalesce(weekly.hhi, -1) - coalesce(direct.hhi, -1)) > 1e-9
{% endmacro %}
