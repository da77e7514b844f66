with source as (
    select * from {{ source('raw', 'marksnumbers') }}
)

select
    release_date,
    identifier,
    concat_ws(
        ' ',
        marks_and_numbers_1,
        marks_and_numbers_2,
        marks_and_numbers_3,
        marks_and_numbers_4,
        marks_and_numbers_5,
        marks_and_numbers_6,
        marks_and_numbers_7,
        marks_and_numbers_8
    ) as marks_text
from source
