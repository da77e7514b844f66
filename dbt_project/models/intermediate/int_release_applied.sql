{{ config(touched_by='queue_release', touched_key='release_date', post_hook="{{ empty_queues() }}") }}

-- One row per release that the tables hold, with its version. Last of a build: only what reached every table is applied.

select
    release_date,
    raw_version
from {{ ref('queue_release') }}
-- depends_on: {{ ref('fct_shipment') }}, {{ ref('fct_shipment_product') }}, {{ ref('fct_pair_weekly') }}
-- depends_on: {{ ref('fct_supplier_weekly') }}, {{ ref('fct_consignee_weekly') }}
-- depends_on: {{ ref('dim_supplier') }}, {{ ref('dim_consignee') }}, {{ ref('dim_party_spelling') }}
-- depends_on: {{ ref('meta_release') }}
-- depends_on: {{ ref('queue_record') }}, {{ ref('queue_family') }}, {{ ref('queue_spelling') }}
-- depends_on: {{ ref('queue_shipment') }}, {{ ref('queue_box') }}, {{ ref('queue_pair_week') }}
