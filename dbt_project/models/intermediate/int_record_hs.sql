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

coded as (
    select distinct
        tariff.identifier,
        tariff.release_date,
        tariff.hs_code,
        case
            when length(tariff.hs_code) < 4 then 4
            when tariff.hs_source = 'declared' then 1
            else 3
        end as preference,
        tariff.hs_source
    from {{ ref('stg_tariff') }} as tariff
    inner join records
        on tariff.identifier = records.identifier and tariff.release_date = records.release_date
    where {{ pending_releases('tariff.release_date') }} and {{ is_hs_code('tariff.hs_code') }}
),

cargo as (
    select *
    from {{ ref('stg_cargodesc') }}
    where {{ pending_releases() }} and {{ may_mention_hs('description_text') }}
),

texts as (
    select release_date, identifier, description_text as cargo_text
    from cargo

    union all

    -- the code of a label that ends its line
    select
        label.release_date,
        label.identifier,
        concat_ws(' ', label.description_text, follows.description_text) as cargo_text
    from cargo as label
    inner join {{ ref('stg_cargodesc') }} as follows
        on
            label.release_date = follows.release_date
            and label.identifier = follows.identifier
            and label.container_number is not distinct from follows.container_number
            and label.description_sequence_number + 1 = follows.description_sequence_number
    where {{ pending_releases('follows.release_date') }} and {{ ends_before_code('label.description_text') }}

    union all

    select release_date, identifier, marks_text
    from {{ ref('stg_marksnumbers') }}
    where {{ pending_releases() }} and {{ may_mention_hs('marks_text') }}
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
        trim({{ unnested(split_on('mention', '[,;/&+]|AND')) }}) as part
    from mentions
),

numbers as (
    select
        identifier,
        release_date,
        {{ replace_all('part', '[^0-9]', '') }} as whole,
        {{ replace_all("split_part(part, ' ', 1)", '[^0-9]', '') }} as first_word
    from parts
),

read as (
    select
        identifier,
        release_date,
        case when {{ is_hs_code('whole') }} and length(whole) >= 4 then whole else first_word end as hs_code
    from numbers
),

parsed as (
    select distinct
        read.identifier,
        read.release_date,
        read.hs_code,
        2 as preference,
        'parsed' as hs_source
    from read
    left join {{ ref('harmonised_headings') }} as headings on left(read.hs_code, 4) = headings.hs4
    where
        {{ is_hs_code('read.hs_code') }}
        and length(read.hs_code) >= 4
        -- a number that is no heading is no code; chapters 98 and 99 are of the United States alone
        and (headings.hs4 is not null or left(read.hs_code, 2) in ('98', '99'))
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
