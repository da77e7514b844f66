{{ config(materialized='table') }}
{{ built_after('int_record', 'int_record_notify', 'queue_decision', 'queue_release', 'queue_spelling') }}
-- One row per spelling that pending releases bring, that a changed record had, or that a pending batch decides.

{% set built = as_built_before('int_party_name_variant') %}
{% set queue = ref('queue_release') %}

{% if built is none or flags.FULL_REFRESH %}
select cast(null as bigint) as spelling_id
where false
{%- else %}
select shipper_spelling_id as spelling_id
from {{ ref('int_record') }}
where {{ pending_list(queue, 'release_date') }} and shipper_spelling_id is not null

union

select consignee_spelling_id
from {{ ref('int_record') }}
where {{ pending_list(queue, 'release_date') }} and consignee_spelling_id is not null

union

select spelling_id
from {{ ref('int_record_notify') }}
where {{ pending_list(queue, 'release_date') }}

union

select spelling_id
from {{ ref('queue_spelling') }}

union

select spelling_id
from {{ ref('queue_decision') }}
{%- endif %}
