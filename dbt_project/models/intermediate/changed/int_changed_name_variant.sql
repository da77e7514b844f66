{{ built_after(
    'int_changed_batch',
    'int_changed_record',
    'int_changed_release',
    'int_party_decision',
    'stg_consignee',
    'stg_notifyparty',
    'stg_shipper'
) }}
{% set records = as_built_before('int_record') %}
{% set notified = as_built_before('int_record_notify') %}
{% set name_variants = as_built_before('int_party_name_variant') %}

{% if name_variants is none or records is none or notified is none or flags.FULL_REFRESH %}
select
    cast(null as bigint) as spelling_id,
    cast(null as varchar) as entity_id,
    cast(null as varchar) as reason
where false
{%- else %}
with delivered as (
    {%- for table in ['stg_shipper', 'stg_consignee', 'stg_notifyparty'] %}
    select spelling_id
    from {{ ref(table) }}
    where {{ pending_list(ref('int_changed_release'), 'release_date') }}
    {{ 'union' if not loop.last }}
    {%- endfor %}
),

changed_records as (
    select shipper_spelling_id as spelling_id
    from {{ records }}
    where identifier in (select changed.identifier from {{ ref('int_changed_record') }} as changed)

    union

    select consignee_spelling_id
    from {{ records }}
    where identifier in (select changed.identifier from {{ ref('int_changed_record') }} as changed)

    union

    select spelling_id
    from {{ notified }}
    where identifier in (select changed.identifier from {{ ref('int_changed_record') }} as changed)
),

decided as (
    select
        built.spelling_id,
        coalesce(built.entity_id, '') <> coalesce(decisions.entity_id, '')
        or coalesce(built.role, '') <> decisions.role
        or coalesce(built.is_order, false) <> decisions.is_order
        or coalesce(built.clean_name, '') <> decisions.clean_name as is_shown_differently
    from {{ ref('int_party_decision') }} as decisions
    inner join {{ name_variants }} as built on decisions.spelling_id = built.spelling_id
    where {{ batch_list(ref('int_changed_batch')) }}
),

changed as (
    select spelling_id, 'delivered' as reason from delivered
    union all
    select spelling_id, 'record_changed' as reason from changed_records
    union all
    select spelling_id, case when is_shown_differently then 'shown_differently' else 'decided' end as reason
    from decided
)

select
    changed.spelling_id,
    built.entity_id,
    changed.reason
from changed
left join {{ name_variants }} as built on changed.spelling_id = built.spelling_id
where changed.spelling_id is not null
{{ not_listed_yet() }}
{%- endif %}
