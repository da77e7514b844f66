-- One row per supplier that somebody watches: a family of its own when findings are corrected for their number.

select distinct sellers.supplier_key
from {{ ref('stg_watched') }} as watched
inner join {{ ref('week_supplier_entity') }} as sellers on watched.supplier_id = sellers.supplier_id
