{{ config(
    incremental_strategy='delete+insert',
    unique_key='release_date',
    post_hook=["{{ apply_batches() }}", "{{ empty_changed() }}"]
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
    'int_changed_batch',
    'int_changed_container',
    'int_changed_name_variant',
    'int_changed_record',
    'int_changed_shipment',
    'meta_release'
) }}

-- Last of a build: what reached every table is applied.

select
    release_date,
    raw_version
from {{ ref('int_changed_release') }}
