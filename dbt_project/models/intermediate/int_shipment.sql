{{ config(changed_by='int_changed_family', changed_key='family_key') }}

with records as (
    select * from {{ ref('int_record') }}
    where {{ changed('int_changed_family', 'family_key') }}
),

{{ judged_shipments('records') }}

select
    identifier,
    family_key,
    use_of_number,
    bill_state,
    first_release_date,
    last_release_date,
    versions
from judged
