-- One row per buyer, product and qualified supplier that supplies it already or is of the group of one that does.

-- distinct: two suppliers of one group have the same qualified ones
select distinct
    consignee_id,
    hs4,
    qualified_supplier_id as supplier_id
from {{ ref('week_alternative_own') }}
