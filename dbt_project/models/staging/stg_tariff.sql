with source as (
    select * from {{ source('raw', 'tariff') }}
),

digits as (
    select
        release_date,
        identifier,
        -- a publisher that stores the code as a float appends `.0`
        {{ replace_all(replace_all('harmonized_number', '[.]0*$', ''), '[^0-9]', '') }} as hs_digits
    from source
    where harmonized_number is not null
)

select
    release_date,
    identifier,
    -- codes have an even number of digits: an odd one lost its leading zero
    case when length(hs_digits) % 2 = 1 then concat('0', hs_digits) else hs_digits end as hs_code,
    -- customs lines are the filer's own; a format whose codes were guessed by its seller says `classified` here
    'declared' as hs_source
from digits
where length(hs_digits) between 1 and 10
