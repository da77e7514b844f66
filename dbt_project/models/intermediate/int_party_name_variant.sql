{{ config(changed_by='int_changed_name_variant', changed_key='spelling_id') }}

-- A name variant whose records changed is dated by all records that still have it, others by the pending ones too.
{% set record_changed %}
spelling_id in (
        select changed.spelling_id
        from {{ ref('int_changed_name_variant') }} as changed
        where changed.reason = 'record_changed'
    )
{%- endset %}
{% set sighted %}
({{ pending_releases() }}{% if is_incremental() %} or {{ record_changed }}{% endif %})
{%- endset %}

with shippers as (
    select
        shipper_spelling_id as spelling_id,
        release_date,
        run_date,
        shipper_city as city,
        cast(null as varchar) as state,
        shipper_country_code as country_code
    from {{ ref('int_record') }}
    where shipper_spelling_id is not null
),

consignees as (
    select
        consignee_spelling_id as spelling_id,
        release_date,
        run_date,
        consignee_city as city,
        consignee_state as state,
        consignee_country_code as country_code
    from {{ ref('int_record') }}
    where consignee_spelling_id is not null
),

delivered_names as (
    select spelling_id, party_kind, raw_name, raw_address
    from {{ ref('stg_shipper') }}
    where {{ pending_releases() }}

    union all

    select spelling_id, party_kind, raw_name, raw_address
    from {{ ref('stg_consignee') }}
    where {{ pending_releases() }}

    union all

    select spelling_id, party_kind, raw_name, raw_address
    from {{ ref('stg_notifyparty') }}
    where {{ pending_releases() }}

    {%- if is_incremental() %}

    union all

    select spelling_id, party_kind, raw_name, raw_address
    from {{ this }}
    where {{ changed('int_changed_name_variant', 'spelling_id') }}
    {%- endif %}
),

names as (
    select
        spelling_id,
        min(party_kind) as party_kind,
        min(raw_name) as raw_name,
        min(raw_address) as raw_address
    from delivered_names
    group by spelling_id
),

sightings as (
    select spelling_id, run_date as first_run_date, run_date as last_run_date, city, state, country_code
    from shippers
    where {{ sighted }}

    union all

    select spelling_id, run_date as first_run_date, run_date as last_run_date, city, state, country_code
    from consignees
    where {{ sighted }}

    union all

    select spelling_id, run_date as first_run_date, run_date as last_run_date, city, state, country_code
    from {{ ref('int_record_notify') }}
    where {{ sighted }}

    {%- if is_incremental() %}

    union all

    select
        spelling_id, first_run_date, last_run_date,
        column_city as city, column_state as state, column_country_code as country_code
    from {{ this }}
    where
        {{ changed('int_changed_name_variant', 'spelling_id') }}
        and not {{ record_changed }}
    {%- endif %}
),

dated as (
    select
        spelling_id,
        min(first_run_date) as first_run_date,
        max(last_run_date) as last_run_date,
        -- one sighting completes another: of two cities or countries any, but always the same
        max(city) as city,
        max(state) as state,
        max(country_code) as country_code
    from sightings
    group by spelling_id
),

-- codes of countries only: the column has sliced text too
countries as (
    select distinct country_code from {{ ref('country_names') }}
)

select
    names.spelling_id,
    names.party_kind,
    names.raw_name,
    names.raw_address,
    decisions.clean_name,
    decisions.is_order,
    length(names.raw_name) >= {{ name_width() }} as is_cut,
    decisions.role,
    decisions.entity_id,
    decisions.method,
    decisions.score,
    decisions.reasons,
    decisions.er_version,
    decisions.decided_at,
    decisions.other_party,
    coalesce(decisions.city, dated.city) as city,
    case when decisions.city is not null then decisions.city_source when dated.city is not null then 'column' end
        as city_source,
    coalesce(decisions.state, dated.state) as state,
    coalesce(countries.country_code, decisions.country_code) as country_code,
    case when countries.country_code is not null then 'column' else decisions.country_source end as country_source,
    dated.city as column_city,
    dated.state as column_state,
    dated.country_code as column_country_code,
    dated.first_run_date,
    dated.last_run_date
from names
inner join dated on names.spelling_id = dated.spelling_id
left join {{ ref('int_party_decision') }} as decisions on names.spelling_id = decisions.spelling_id
left join countries on dated.country_code = countries.country_code
