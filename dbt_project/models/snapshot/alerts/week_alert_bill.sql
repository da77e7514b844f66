-- One row per piece of news with the bills behind it: how many in the window before and in the one now, the newest of
-- them, and the query that lists all in the published tables. Of a customer's news the bills that name it, also where
-- it went dark: a bill without a name is given to no customer.

{% set listed = 20 %}

with scopes as (
    select
        news.alert_id,
        news.supplier_key,
        news.supplier_id,
        news.consignee_key,
        news.consignee_id,
        news.before_start,
        news.before_end,
        news.window_start,
        news.window_end,
        week.cut_off
    from {{ ref('week_news') }} as news
    cross join {{ ref('asof_week') }} as week
),

bills as (
    select
        scopes.alert_id,
        bills.identifier,
        bills.arrival_date,
        bills.week_number between scopes.before_start and scopes.before_end as is_before,
        bills.week_number between scopes.window_start and scopes.window_end as is_after
    from scopes
    inner join {{ ref('week_bill') }} as bills
        on
            scopes.supplier_key = bills.supplier_key
            and bills.week_number between scopes.before_start and scopes.window_end
    where
        scopes.consignee_key is null
        or bills.consignee_key = scopes.consignee_key
),

ranked as (
    select
        *,
        row_number() over (partition by alert_id order by arrival_date desc, identifier desc) as newness
    from bills
),

newest as (
    select
        ranked.alert_id,
        {{ ordered_array('shipments.shipment_id', 'ranked.newness') }} as shipment_ids
    from ranked
    inner join {{ ref('asof_shipment') }} as shipments on ranked.identifier = shipments.identifier
    where ranked.newness <= {{ listed }}
    group by ranked.alert_id
),

counted as (
    select
        alert_id,
        count(*) as bills_in_all,
        count(*) filter (where is_before) as bills_before,
        count(*) filter (where is_after) as bills_after
    from bills
    group by alert_id
),

evidence_parts as (
    select
        scopes.alert_id,
        coalesce(counted.bills_in_all, 0) as bills_in_all,
        coalesce(counted.bills_before, 0) as bills_before,
        coalesce(counted.bills_after, 0) as bills_after,
        coalesce(newest.shipment_ids, []) as shipment_ids,
        'select * from fct_shipment where supplier_id = ' || {{ sql_text('scopes.supplier_id') }}
        || case
            when scopes.consignee_id is null then ''
            else ' and consignee_id = ' || {{ sql_text('scopes.consignee_id') }}
        end
        || ' and week_start_date between date ''' || {{ day_text(monday_of('scopes.before_start')) }}
        || ''' and date ''' || {{ day_text(monday_of('scopes.window_end')) }}
        || ''' and not is_in_transit and first_release_date <= date ''' || {{ day_text('scopes.cut_off') }}
        || ''' order by arrival_date desc, shipment_id' as all_bills
    from scopes
    left join counted on scopes.alert_id = counted.alert_id
    left join newest on scopes.alert_id = newest.alert_id
)

select
    evidence_parts.alert_id,
    {{ json_of({
        'bills_in_all': 'evidence_parts.bills_in_all', 'bills_before': 'evidence_parts.bills_before', 'bills_after': 'evidence_parts.bills_after',
        'bills': 'evidence_parts.shipment_ids', 'query': 'evidence_parts.all_bills'
    }) }} as evidence
from evidence_parts
