{{ config(
    changed_by='int_changed_pair_week',
    changed_key={'supplier_id': 'supplier_key', 'consignee_id': 'consignee_key', 'week_start_date': 'week_start_date'}
) }}

select
    supplier_key as supplier_id,
    consignee_key as consignee_id,
    week_start_date,
    bills,
    containers,
    teu,
    weight_kg
from {{ rebuilt(
    ref('int_pair_week'), 'int_changed_pair_week', ['supplier_key', 'consignee_key', 'week_start_date']
) }}
where supplier_is_named and consignee_is_named
