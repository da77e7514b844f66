{#-
A supplier's last 26 weeks against the same weeks a year before, or against the 26 before them where it is not known for so long.
Two steps, since the second reads the sums of the first.
-#}

{#- Sums over rows of weeks (weeks_ago, shipments, volume), for `growth_ratio`. -#}
{% macro growth_halves() -%}
        max(weeks_ago) >= {{ weeks_of_year() }} + {{ half_year_weeks() }} - 1 as is_known_a_year_before,
        sum(case when weeks_ago < {{ weeks_of_year() }} then shipments end) as shipments,
        sum(case when weeks_ago < {{ weeks_of_year() }} then volume end) as volume,
        sum(case when weeks_ago < {{ half_year_weeks() }} then volume end) as now,
        sum(case when weeks_ago >= {{ half_year_weeks() }} and weeks_ago < {{ weeks_of_year() }} then volume end)
            as half_before,
        sum(
            case
                when
                    weeks_ago >= {{ weeks_of_year() }}
                    and weeks_ago < {{ weeks_of_year() }} + {{ half_year_weeks() }}
                    then volume
            end
        ) as year_before
{%- endmacro %}

{#- Both halves, and so many average shipments that are added to either: they leave the ratio of few shipments near 1. -#}
{% macro growth_damped() -%}
        cast(coalesce(now, 0) as double) as now,
        cast(coalesce(case when is_known_a_year_before then year_before else half_before end, 0) as double) as past,
        cast({{ threshold('growth_shipments') }} as double) * cast(volume as double) / shipments as damping
{%- endmacro %}

{% macro growth_ratio() -%}
case when damping > 0 then least((now + damping) / (past + damping), 1.0) else 1.0 end
{%- endmacro %}

{#- Concentration of a supplier's other named customers, of the columns customers, named_volume, named_squares, volume. -#}
{% macro other_customers_hhi() -%}
case
            when customers = 1 or named_volume - volume <= 0 then null
            when
                customers = 2
                or named_squares - volume * volume >= (named_volume - volume) * (named_volume - volume)
                then 1.0
            else
                cast(named_squares - volume * volume as double)
                / cast(named_volume - volume as double)
                / cast(named_volume - volume as double)
        end
{%- endmacro %}

{#- How well a supplier could replace a customer: without other customers it cannot. -#}
{% macro customer_substitutability() -%}
case
        when other_customers_hhi is null then 0.0
        else refill_scale * (1 - other_customers_hhi) * growth_ratio
    end
{%- endmacro %}
