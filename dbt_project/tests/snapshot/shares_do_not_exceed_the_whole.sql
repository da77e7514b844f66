{{ config(tags=['weekly']) }}

-- A supplier's named customers and its unnamed volume are not more than all of it. What is between a share and its
-- high bound is the supplier's unnamed volume.
select
    supplier_id,
    sum(share_of_supplier) + max(share_of_supplier_high - share_of_supplier) as whole
from {{ ref('snap_tier') }}
group by supplier_id
having sum(share_of_supplier) + max(share_of_supplier_high - share_of_supplier) > 1 + 1e-9
