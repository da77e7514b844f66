-- One row per supplier, buyer and product whose last alternative of grades A and B went, or that has none since:
-- findings of `alternatives_gone`. It fires in the second week without one (an alternative whose spare capacity is
-- about what is needed comes and goes), for a buyer of weight, for its largest supplier, and once a year for a product.
-- Where a party among them was decided anew, the count may have moved by that alone: it does not fire.

with versions as (
    select distinct frozen.er_version
    from {{ source('earlier_snapshots', 'fct_tier') }} as frozen
    inner join {{ ref('week_past') }} as before
        on
            coalesce(before.earlier_week, before.as_of_week) = frozen.as_of_week
            and coalesce(before.earlier_revision, before.revision) = frozen.revision
),

last_batch as (
    select max(decisions.batch) as batch
    from {{ source('parties', 'decisions') }} as decisions
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
    from {{ source('parties', 'decisions') }} as decisions
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
),

-- parties of which a name variant, the role or the identity was decided anew since the last two frozen weeks: what a
-- rule on frozen rows sees there may be the decision's doing and not the trade's
redecided_parties as (
    select one as entity_id from moved
    where one is not null
    union
    select other as entity_id from moved
    where other is not null
    union
    select entity_id from restated
),

frozen as (
    select
        rows_before.supplier_id,
        rows_before.consignee_id,
        rows_before.hs4,
        max(
            case
                when rows_before.as_of_week = before.as_of_week
                    then rows_before.alternatives + coalesce(rows_before.alternatives_grade_b, 0)
            end
        ) as alternatives,
        max(
            case
                when rows_before.as_of_week = before.earlier_week
                    then rows_before.alternatives + coalesce(rows_before.alternatives_grade_b, 0)
            end
        ) as alternatives_earlier
    from {{ source('earlier_snapshots', 'fct_leverage_snapshot') }} as rows_before
    inner join {{ ref('week_past') }} as before
        on
            (rows_before.as_of_week = before.as_of_week and rows_before.revision = before.revision)
            or (rows_before.as_of_week = before.earlier_week and rows_before.revision = before.earlier_revision)
    where rows_before.hs4 not in ('all', 'unknown')
    group by rows_before.supplier_id, rows_before.consignee_id, rows_before.hs4
),

earlier_alternatives as (
    select
        rows_before.consignee_id,
        rows_before.hs4,
        rows_before.alternative_supplier_id
    from {{ source('earlier_snapshots', 'fct_alternative') }} as rows_before
    inner join {{ ref('week_past') }} as before
        on rows_before.as_of_week = before.earlier_week and rows_before.revision = before.earlier_revision
),

redecided as (
    select distinct
        earlier_alternatives.consignee_id,
        earlier_alternatives.hs4
    from earlier_alternatives
    inner join redecided_parties as parties on earlier_alternatives.alternative_supplier_id = parties.entity_id
),

buyers as (
    select pairs.consignee_key
    from {{ ref('week_pair') }} as pairs
    where pairs.consignee_key is not null
    group by pairs.consignee_key
    having sum(pairs.bills) >= {{ threshold('alternatives_gone_bills') }}
),

reported as (
    select distinct
        alerts.consignee_id,
        alerts.threshold as hs4
    from {{ ref('week_earlier_alert') }} as alerts
    cross join {{ ref('asof_week') }} as week
    where
        alerts.alert_type = 'alternatives_gone'
        and not alerts.is_of_this_week
        and {{ week_number(monday_of_week('alerts.as_of_week')) }} > week.week_number - {{ weeks_of_year() }}
),

held as (
    {{ held_episodes('alternatives_gone', threshold('rule_holds_weeks')) }}
),

compared as (
    select
        products.supplier_key,
        products.consignee_key,
        products.hs4,
        products.alternatives + products.alternatives_grade_b as alternatives,
        frozen.alternatives_earlier as alternatives_before,
        products.alternatives + products.alternatives_grade_b = 0
        and coalesce(frozen.alternatives = 0, false)
        and coalesce(frozen.alternatives_earlier > 0, false)
        and redecided.hs4 is null
        and buyers.consignee_key is not null
        and reported.hs4 is null
        and sellers.supplier_id not in (select parties.entity_id from redecided_parties as parties)
        and customers.consignee_id not in (select parties.entity_id from redecided_parties as parties)
            as is_gone,
        products.volume,
        held.threshold is not null
        and products.alternatives + products.alternatives_grade_b < {{ threshold('alternatives_rearm') }} as holds
    from {{ ref('week_product') }} as products
    inner join {{ ref('week_supplier_entity') }} as sellers on products.supplier_key = sellers.supplier_key
    inner join {{ ref('week_consignee_entity') }} as customers on products.consignee_key = customers.consignee_key
    left join frozen
        on
            sellers.supplier_id = frozen.supplier_id
            and customers.consignee_id = frozen.consignee_id
            and products.hs4 = frozen.hs4
    left join redecided
        on customers.consignee_id = redecided.consignee_id and products.hs4 = redecided.hs4
    left join buyers on products.consignee_key = buyers.consignee_key
    left join reported on customers.consignee_id = reported.consignee_id and products.hs4 = reported.hs4
    left join held
        on
            products.supplier_key = held.supplier_key
            and products.consignee_key = held.consignee_key
            and products.hs4 = held.threshold
    where products.hs4 <> 'unknown'
),

ranked as (
    select
        *,
        is_gone
        and row_number() over (
            partition by consignee_key, hs4 order by is_gone desc, volume desc, supplier_key asc
        ) = 1 as fires
    from compared
),

found as (
    select
        ranked.*,
        {{ share_of('suppliers.named_volume', 'suppliers.volume') }} as coverage
    from ranked
    inner join {{ ref('week_supplier') }} as suppliers on ranked.supplier_key = suppliers.supplier_key
    where ranked.fires or ranked.holds
)

select
    {{ finding_of_rule(
        'alternatives_gone', 'found.supplier_key', 'found.consignee_key', 'found.consignee_key', 'found.hs4',
        'found.alternatives_before', 'found.alternatives', 'found.alternatives - found.alternatives_before',
        'found.coverage', 'found.fires', "'likeness'"
    ) }}
from found
cross join {{ ref('week_past') }} as before
cross join {{ ref('asof_week') }} as week
-- the first week that is published has none before it to cross from
where before.week_number is not null
