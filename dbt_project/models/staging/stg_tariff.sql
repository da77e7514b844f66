with source as (
    select * from {{ source('raw', 'tariff') }}
),

parts as (
    select
        release_date,
        identifier,
        {{ unnested(hs_parts(hs_text('harmonized_number'))) }} as part,
        -- customs lines are the filer's own; an export writes before a code that it was read from the text or guessed
        case
            when lower(harmonized_number) like 'classified%' then 'classified'
            when lower(harmonized_number) like 'parsed%' then 'parsed'
            else 'declared'
        end as hs_source
    from source
    where harmonized_number is not null
),

digits as (
    select
        release_date,
        identifier,
        {{ hs_digits(replace_all(replace_all('part', '^[^0-9]+', ''), '[^0-9E]+$', '')) }} as digits,
        hs_source
    from parts
),

headings as (
    select hs4 from {{ ref('harmonised_headings') }}
)

select
    digits.release_date,
    digits.identifier,
    {{ hs_code_of('digits.digits', 'headings.hs4') }} as hs_code,
    digits.hs_source
from digits
left join headings on concat('0', left(digits.digits, 3)) = headings.hs4
where length(digits.digits) between 1 and 13
