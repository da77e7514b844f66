{{ config(
    touched_by='queue_release',
    touched_key='release_date',
    post_hook=["{{ apply_batches() }}", "{{ empty_queues() }}"]
) }}
{{ built_after(
    'dim_consignee',
    'dim_party_spelling',
    'dim_supplier',
    'fct_consignee_weekly',
    'fct_pair_weekly',
    'fct_shipment',
    'fct_shipment_product',
    'fct_supplier_weekly',
    'int_batch_applied',
    'meta_release',
    'queue_batch',
    'queue_box',
    'queue_decision',
    'queue_family',
    'queue_pair_week',
    'queue_record',
    'queue_shipment',
    'queue_spelling'
) }}

-- One row per release that the tables hold, with its version. Last of a build: what reached every table is applied.

select
    release_date,
    raw_version
from {{ ref('queue_release') }}
