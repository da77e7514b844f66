{{ config(touched_by='touched_spelling', touched_key='spelling_id') }}
{{ built_after('queue_spelling', 'touched_spelling') }}

-- The seam to entity resolution: one row per spelling of a party in use, with the entity it belongs to.
-- Until entities are resolved, an entity is a cleaned spelling.

-- a spelling whose records changed is dated anew from all the records that still use it
{% set sighted %}
({{ pending_releases() }}{% if is_incremental() %} or {{ touched('queue_spelling', 'spelling_id') }}{% endif %})
{% endset %}

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
    where {{ touched('touched_spelling', 'spelling_id') }}
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

    select spelling_id, first_run_date, last_run_date, city, state, country_code
    from {{ this }}
    where
        {{ touched('touched_spelling', 'spelling_id') }}
        and not ({{ touched('queue_spelling', 'spelling_id') }})
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

read as (
    select
        names.*,
        coalesce(
            nullif({{ clean_words(name_behind('names.raw_name')) }}, ''), {{ clean_words('names.raw_name') }}
        ) as whole_name
    from names
),

ordered as (
    select
        *,
        {{ is_order_name('whole_name') }} as is_order,
        case
            when {{ is_order_name('whole_name') }} then {{ ordered_name('whole_name') }}
            else whole_name
        end as clean_name
    from read
),

forwarding as (
    select distinct ordered.clean_name
    from ordered
    inner join {{ ref('forwarder_names') }} as listed
        on
            ordered.clean_name = listed.forwarder_name
            or left(ordered.clean_name, length(listed.forwarder_name) + 1) = concat(listed.forwarder_name, ' ')
),

judged as (
    select
        ordered.*,
        case
            when {{ is_no_name('ordered.clean_name') }} then 'none'
            when {{ is_bank_name('ordered.clean_name') }} then 'bank'
            when forwarding.clean_name is not null or {{ is_forwarder_name('ordered.clean_name') }} then 'forwarder'
            else 'party'
        end as role
    from ordered
    left join forwarding on ordered.clean_name = forwarding.clean_name
)

select
    judged.spelling_id,
    judged.party_kind,
    judged.raw_name,
    judged.raw_address,
    judged.clean_name,
    judged.is_order,
    length(judged.raw_name) >= {{ name_width() }} as is_cut,
    judged.role,
    case
        when judged.role <> 'none' and not (judged.is_order and judged.role <> 'party')
            then concat(left(judged.party_kind, 3), '_', left({{ digest('judged.clean_name') }}, 16))
    end as entity_id,
    dated.city,
    dated.state,
    dated.country_code,
    dated.first_run_date,
    dated.last_run_date
from judged
inner join dated on judged.spelling_id = dated.spelling_id
