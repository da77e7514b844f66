{{ config(
    changed_by='int_changed_record',
    changed_key='identifier',
    tested_by='int_changed_release',
    tested_key='release_date'
) }}
{{ built_after('int_changed_record') }}

-- Harmonised codes of a record, from the best source that has one: tariff lines of four digits and more,
-- else codes named in cargo text or marks, else the chapters of tariff lines.

with records as (
    select identifier, release_date
    from {{ ref('int_record') }}
    where {{ pending_releases() }}
),

tariff as (
    select distinct
        tariff.identifier,
        tariff.release_date,
        tariff.hs_code,
        case when length(tariff.hs_code) >= 4 then 1 else 3 end as preference,
        'tariff' as hs_source
    from {{ ref('stg_tariff') }} as tariff
    inner join records
        on tariff.identifier = records.identifier and tariff.release_date = records.release_date
    where {{ pending_releases('tariff.release_date') }} and {{ is_hs_code('tariff.hs_code') }}
),

texts as (
    select release_date, identifier, description_text as cargo_text
    from {{ ref('stg_cargodesc') }}
    where {{ pending_releases() }}

    union all

    select release_date, identifier, marks_text
    from {{ ref('stg_marksnumbers') }}
    where {{ pending_releases() }}
),

mentions as (
    select
        texts.identifier,
        texts.release_date,
        {{ unnested(hs_mentions('texts.cargo_text')) }} as mention
    from texts
    inner join records
        on texts.identifier = records.identifier and texts.release_date = records.release_date
    where {{ matches('upper(texts.cargo_text)', 'H\\.? ?T?\\.? ?S[ .:#-]|HS[0-9]|HTS') }}
),

parts as (
    select
        identifier,
        release_date,
        trim({{ unnested(split_on('mention', '[,;/&]')) }}) as part
    from mentions
),

codes as (
    select
        identifier,
        release_date,
        {{ replace_all('part', '[^0-9]', '') }} as whole,
        {{ replace_all("split_part(part, ' ', 1)", '[^0-9]', '') }} as first_word
    from parts
),

named as (
    select distinct
        identifier,
        release_date,
        case when {{ is_hs_code('whole') }} and length(whole) >= 4 then whole else first_word end as hs_code,
        2 as preference,
        'text' as hs_source
    from codes
    where
        ({{ is_hs_code('whole') }} and length(whole) >= 4)
        or ({{ is_hs_code('first_word') }} and length(first_word) >= 4)
),

found as (
    select * from tariff
    union all
    select * from named
),

best as (
    select
        found.*,
        min(found.preference) over (partition by found.identifier) as best_preference
    from found
)

select
    identifier,
    release_date,
    hs_code,
    case when length(hs_code) >= 4 then left(hs_code, 4) end as hs4,
    hs_source
from best
where preference = best_preference
