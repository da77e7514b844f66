{{ config(tags=['weekly']) }}

-- A supplier's named customers are not more than all of it. Between a share and its high bound lie the supplier's
-- unnamed volume and what others ship under uncertain variants; the latter is missing from their low bounds.
select
    supplier_id,
    sum(share_of_supplier) as named,
    sum(share_of_supplier_low) + max(share_of_supplier_high - share_of_supplier) as whole
from {{ ref('snap_tier') }}
group by supplier_id
having
    greatest(sum(share_of_supplier), sum(share_of_supplier_low) + max(share_of_supplier_high - share_of_supplier))
    > 1 + 1e-9
