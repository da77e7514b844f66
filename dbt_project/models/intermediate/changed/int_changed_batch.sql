{{ config(materialized='table') }}

-- Batches after the one as of which a full refresh builds wait for the next night.
{% set as_of = as_of_batch() %}

select batch
from {{ source('parties', 'batches') }}
where
    batch not in (select applied.batch from {{ ref('int_batch_applied') }} as applied)
    and {{ 'batch <= ' ~ (as_of | int) if as_of else 'true' }}
