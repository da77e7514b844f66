{{ config(materialized='table') }}
{{ built_after('int_changed_record', 'int_changed_release', 'stg_billgen') }}

{% if as_built_before('int_record') is none or flags.FULL_REFRESH %}
select cast(null as bigint) as family_key
where false
{%- else %}
select family_key
from {{ ref('stg_billgen') }}
where {{ pending_list(ref('int_changed_release'), 'release_date') }}

union

select family_key
from {{ ref('int_changed_record') }}
{%- endif %}
