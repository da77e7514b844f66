{{ config(materialized='table') }}
-- One row per batch of decisions that is pending; those after the one as of which a full refresh builds wait for the
-- next night.

{% set as_of = as_of_batch() %}

select batch
from {{ ref('stg_party_batch') }}
where
    batch not in (select applied.batch from {{ ref('int_batch_applied') }} as applied)
    and {{ 'batch <= ' ~ (as_of | int) if as_of else 'true' }}
