-- One row per supplier or consignee of which a spelling, the role or the standing was decided anew since the last two
-- frozen weeks: what a rule on frozen rows would see there may be the decision's doing and not the trade's.

with versions as (
    select distinct frozen.er_version
    from {{ frozen_rows('fct_tier', {'er_version': 'varchar'}) }} as frozen
    inner join {{ ref('week_before') }} as before
        on
            coalesce(before.earlier_week, before.as_of_week) = frozen.as_of_week
            and coalesce(before.earlier_revision, before.revision) = frozen.revision
),

last_batch as (
    select max(decisions.batch) as batch
    from {{ ref('stg_party_decision') }} as decisions
    inner join versions on decisions.er_version = versions.er_version
),

newest as (
    select decisions.*
    from {{ ref('int_party_decision') }} as decisions
    cross join last_batch
    where decisions.batch > last_batch.batch
),

earlier as (
    select
        decisions.spelling_id,
        max_by(decisions.entity_id, decisions.batch) as entity_id,
        max_by(decisions.role, decisions.batch) as role
    from {{ ref('stg_party_decision') }} as decisions
    cross join last_batch
    where
        decisions.batch <= last_batch.batch
        and decisions.spelling_id in (select newest.spelling_id from newest)
    group by decisions.spelling_id
),

moved as (
    select
        newest.entity_id as one,
        earlier.entity_id as other
    from newest
    inner join earlier on newest.spelling_id = earlier.spelling_id
    where newest.entity_id is distinct from earlier.entity_id or newest.role is distinct from earlier.role
),

restated as (
    select entities.entity_id
    from {{ ref('int_party_entity') }} as entities
    cross join last_batch
    where entities.batch > last_batch.batch and (entities.merged_into is not null or entities.split_from is not null)
)

select one as entity_id from moved
where one is not null
union
select other as entity_id from moved
where other is not null
union
select entity_id from restated
