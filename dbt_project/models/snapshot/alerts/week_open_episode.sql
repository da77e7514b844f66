-- One row per episode that the last frozen week left open, with the parties that its ids are now: one that was merged
-- into another lives on there.

with recursive episodes as (
    select frozen.*
    from {{ source('earlier_snapshots', 'alert_episode') }} as frozen
    inner join {{ ref('week_past') }} as before
        on frozen.as_of_week = before.as_of_week and frozen.revision = before.revision
),

merged as (
    select entity_id, merged_into
    from {{ ref('int_party_entity') }}
    where merged_into is not null
),

-- a party that was merged into one that was merged later: a few steps at most, and no circle goes on for ever
followed as (
    select
        merged.entity_id,
        merged.merged_into,
        1 as steps
    from merged
    union all
    select
        followed.entity_id,
        merged.merged_into,
        followed.steps + 1 as steps
    from followed
    inner join merged on followed.merged_into = merged.entity_id
    where followed.steps < 10
),

heirs as (
    select
        entity_id,
        max_by(merged_into, steps) as entity_id_now
    from followed
    group by entity_id
),

ranked as (
    select
        episodes.*,
        suppliers.supplier_key,
        consignees.consignee_key,
        row_number() over (
            partition by
                episodes.alert_type, suppliers.supplier_key, coalesce(consignees.consignee_key, 0), episodes.threshold
            order by episodes.first_window_end, episodes.alert_id
        ) as age_rank
    from episodes
    left join heirs as supplier_heirs on episodes.supplier_id = supplier_heirs.entity_id
    left join heirs as consignee_heirs on episodes.consignee_id = consignee_heirs.entity_id
    inner join {{ ref('week_supplier_entity') }} as suppliers
        on coalesce(supplier_heirs.entity_id_now, episodes.supplier_id) = suppliers.supplier_id
    left join {{ ref('week_consignee_entity') }} as consignees
        on coalesce(consignee_heirs.entity_id_now, episodes.consignee_id) = consignees.consignee_id
    where episodes.consignee_id is null or consignees.consignee_key is not null
)

-- two episodes that became one by a merge go on as the older one
select
    alert_id,
    alert_type,
    cast(supplier_key as bigint) as supplier_key,
    cast(consignee_key as bigint) as consignee_key,
    threshold,
    first_window_end,
    notified_week,
    phase,
    weeks_running,
    weeks_quiet
from ranked
where age_rank = 1
