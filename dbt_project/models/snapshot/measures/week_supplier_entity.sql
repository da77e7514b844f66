-- One row per supplier, with a whole number as its key: the steps of a week join and group by numbers, which is several
-- times as fast as by ids.

select
    supplier_id,
    cast(row_number() over (order by supplier_id) as integer) as supplier_key,
    coalesce(group_id, supplier_id) as group_id,
    split_part({{ clean_words('supplier_name') }}, ' ', 1) as first_word
from {{ ref('dim_supplier') }}
