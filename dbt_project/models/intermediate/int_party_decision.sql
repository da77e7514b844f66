-- delete+insert suffices: batches add or replace decisions on name variants, none vanishes
{{ config(
    incremental_strategy='delete+insert',
    unique_key='spelling_id',
    tested_by='int_changed_batch',
    tested_key='batch'
) }}

with decisions as (
    select * from {{ source('parties', 'decisions') }}
    where {{ pending_batches() }}
),

counting as (
    select
        spelling_id,
        {{ counting_batch() }} as batch
    from decisions
    group by spelling_id
)

select
    decisions.spelling_id,
    decisions.batch,
    decisions.clean_name,
    decisions.is_order,
    decisions.role,
    decisions.entity_id,
    decisions.method,
    decisions.score,
    decisions.reasons,
    decisions.other_party,
    decisions.country_code,
    decisions.country_source,
    decisions.state,
    decisions.city,
    decisions.city_source,
    decisions.er_version,
    decisions.decided_at
from decisions
inner join counting on decisions.spelling_id = counting.spelling_id and decisions.batch = counting.batch
