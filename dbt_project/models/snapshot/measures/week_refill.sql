-- One row: the part of (1 - HHI) that other customers took of a lost customer's volume (METRICS, the back-test of rho).

select
    cast(rules.refill_scale as double) as refill_scale,
    'default' as refill_source
from {{ ref('week_rule') }} as rules
