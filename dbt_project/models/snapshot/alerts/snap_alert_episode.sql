-- One row per episode that is open after this week: what the next week goes on with. Its id is that of the week before
-- where it goes on, else a hash of what it is about and when it began.

with episodes as (
    select
        episodes.*,
        suppliers.supplier_id,
        consignees.consignee_id,
        split_part(rules.ruleset_version, '.', 1) as ruleset_major
    from {{ ref('week_episode') }} as episodes
    inner join {{ ref('week_supplier_entity') }} as suppliers on episodes.supplier_key = suppliers.supplier_key
    left join {{ ref('week_consignee_entity') }} as consignees on episodes.consignee_key = consignees.consignee_key
    cross join {{ ref('week_rule') }} as rules
    where episodes.outcome = 'open'
)

select
    week.as_of_week,
    coalesce(
        open_before.alert_id,
        {{ sha256_of(joined_lines([
            'episodes.alert_type', 'episodes.supplier_id', "coalesce(episodes.consignee_id, '')", 'episodes.threshold',
            day_text(sunday_of('episodes.first_window_end')), 'episodes.ruleset_major'
        ])) }}
    ) as alert_id,
    episodes.alert_type,
    episodes.supplier_id,
    episodes.consignee_id,
    episodes.threshold,
    episodes.first_window_end,
    episodes.notified_week,
    episodes.phase,
    episodes.weeks_running,
    episodes.weeks_quiet
from episodes
cross join {{ ref('asof_week') }} as week
left join {{ ref('week_open_episode') }} as open_before
    on
        episodes.alert_type = open_before.alert_type
        and episodes.supplier_key = open_before.supplier_key
        and coalesce(episodes.consignee_key, 0) = coalesce(open_before.consignee_key, 0)
        and episodes.threshold = open_before.threshold
        and episodes.first_window_end = open_before.first_window_end
