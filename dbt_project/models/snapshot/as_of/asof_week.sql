-- One row: the week that is built, and until which run date records are known, by which decisions on parties.

{% set monday = as_of_value('LEVERAGE_WEEK_START') or '1970-01-05' %}

select
    '{{ as_of_value('LEVERAGE_AS_OF_WEEK') }}' as as_of_week,
    date '{{ monday }}' as week_start_date,
    {{ week_number("date '" ~ monday ~ "'") }} as week_number,
    date '{{ as_of_value('LEVERAGE_CUT_OFF') or monday }}' as cut_off,
    (select max_by(decided.er_version, decided.batch) from {{ ref('int_party_decision') }} as decided) as er_version
