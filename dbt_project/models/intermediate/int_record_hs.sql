{{ config(
    changed_by='int_changed_record',
    changed_key='identifier',
    tested_by='int_changed_release',
    tested_key='release_date'
) }}
{{ built_after('int_changed_record') }}

-- Harmonised codes of a record, from the best source that has one: declared codes of four digits and more, else codes
-- parsed from cargo text or marks, else codes that a seller of records classified, else chapters.

with records as (
    select identifier, release_date
    from {{ ref('int_record') }}
    where {{ pending_releases() }}
),

headings as (
    select hs4 from {{ ref('harmonised_headings') }}
    {%- for hs4 in retired_headings() %}
    union all
    select '{{ hs4 }}' as hs4
    {%- endfor %}
),

coded as (
    select distinct
        tariff.identifier,
        tariff.release_date,
        tariff.hs_code,
        case
            when length(tariff.hs_code) < 4 then 4
            when tariff.hs_source = 'declared' then 1
            when tariff.hs_source = 'parsed' then 2
            else 3
        end as preference,
        tariff.hs_source
    from {{ ref('stg_tariff') }} as tariff
    inner join records
        on tariff.identifier = records.identifier and tariff.release_date = records.release_date
    where {{ pending_releases('tariff.release_date') }} and {{ is_hs_code('tariff.hs_code') }}
),

cargo as (
    select
        release_date,
        identifier,
        container_number,
        description_sequence_number,
        {{ hs_text('description_text') }} as cargo_text
    from {{ ref('stg_cargodesc') }}
    where {{ pending_releases() }}
),

marks as (
    select release_date, identifier, {{ hs_text('marks_text') }} as cargo_text
    from {{ ref('stg_marksnumbers') }}
    where {{ pending_releases() }}
),

labelled as (
    select * from cargo
    where {{ may_mention_hs('cargo_text') }}
),

texts as (
    select release_date, identifier, cargo_text
    from labelled

    union all

    -- the code of a label that ends its line
    select
        label.release_date,
        label.identifier,
        concat_ws(' ', label.cargo_text, {{ hs_text('follows.description_text') }}) as cargo_text
    from labelled as label
    inner join {{ ref('stg_cargodesc') }} as follows
        on
            label.release_date = follows.release_date
            and label.identifier = follows.identifier
            and label.container_number is not distinct from follows.container_number
            -- as a wide number: the largest integer has no next one
            and cast(label.description_sequence_number as bigint) + 1 = follows.description_sequence_number
    where {{ pending_releases('follows.release_date') }} and {{ ends_before_code('label.cargo_text') }}

    union all

    select release_date, identifier, cargo_text
    from marks
    where {{ may_mention_hs('cargo_text') }}
),

mentions as (
    select
        texts.identifier,
        texts.release_date,
        {{ unnested(hs_mentions('texts.cargo_text')) }} as mention
    from texts
    inner join records
        on texts.identifier = records.identifier and texts.release_date = records.release_date
),

parts as (
    select
        identifier,
        release_date,
        mention,
        trim({{ unnested(hs_parts('mention')) }}, ' .-') as part
    from mentions
),

numbers as (
    select
        identifier,
        release_date,
        {{ hs_digits('part') }} as digits,
        -- of several codes a short one is as short as the first: other short numbers behind a code count something
        left(mention, length(part)) = part
        or length(part) = length({{ first_match('mention', '^([0-9]+)') }}) as may_be_short
    from parts
),

read as (
    select
        numbers.identifier,
        numbers.release_date,
        numbers.may_be_short,
        {{ hs_code_of('numbers.digits', 'headings.hs4') }} as hs_code
    from numbers
    left join headings on concat('0', left(numbers.digits, 3)) = headings.hs4
),

parsed as (
    select distinct
        read.identifier,
        read.release_date,
        read.hs_code,
        2 as preference,
        'parsed' as hs_source
    from read
    -- a number that is no heading is no code
    inner join headings on left(read.hs_code, 4) = headings.hs4
    where {{ is_hs_code('read.hs_code') }} and (length(read.hs_code) >= 6 or read.may_be_short)
),

found as (
    select * from coded
    union all
    select * from parsed
),

ranked as (
    select
        *,
        min(preference) over (partition by identifier) as best_preference
    from found
),

best as (
    select
        identifier,
        release_date,
        hs_code,
        -- a code that is there from two sources is the declared one
        min(hs_source) over (partition by identifier, hs_code) as hs_source,
        row_number() over (partition by identifier, hs_code order by hs_source) as repetition
    from ranked
    where preference = best_preference
)

select
    identifier,
    release_date,
    hs_code,
    case when length(hs_code) >= 4 then left(hs_code, 4) end as hs4,
    hs_source,
    cast(row_number() over (partition by identifier order by hs_code) as integer) as code_number,
    cast(count(*) over (partition by identifier) as integer) as codes
from best
where repetition = 1
