{{ config(
    changed_by='int_changed_record',
    changed_key='identifier',
    tested_by='int_changed_release',
    tested_key='release_date'
) }}
{{ built_after('int_changed_record') }}

-- One row per record that may be to order and notify party: those who may replace a consignee that the bill does
-- not name.

with may_be_to_order as (
    select
        records.identifier,
        records.release_date,
        records.run_date,
        records.shipper_spelling_id,
        records.consignee_spelling_id
    from {{ ref('stg_consignee') }} as consignee
    inner join {{ ref('int_record') }} as records
        on consignee.identifier = records.identifier and consignee.release_date = records.release_date
    where
        {{ pending_releases('consignee.release_date') }}
        and {{ pending_releases('records.release_date') }}
        and {{ may_be_order('consignee.raw_name') }}
)

select
    notify.identifier,
    notify.spelling_id,
    may_be_to_order.release_date,
    may_be_to_order.run_date,
    may_be_to_order.shipper_spelling_id,
    may_be_to_order.consignee_spelling_id,
    min(notify.city) as city,
    min(notify.state) as state,
    min(notify.country_code) as country_code
from {{ ref('stg_notifyparty') }} as notify
inner join may_be_to_order
    on notify.identifier = may_be_to_order.identifier and notify.release_date = may_be_to_order.release_date
where {{ pending_releases('notify.release_date') }}
group by
    notify.identifier,
    notify.spelling_id,
    may_be_to_order.release_date,
    may_be_to_order.run_date,
    may_be_to_order.shipper_spelling_id,
    may_be_to_order.consignee_spelling_id
