{{ config(incremental_strategy='delete+insert', unique_key='foreign_port_of_lading') }}

-- One row per text of a foreign port of lading ("Shanghai ,China (Mainland)"), with its tidied text and its country.
-- There are some thousands of them: they are read once, not for every bill. A text that is no more used may stay.

with ports as (
    select distinct foreign_port_of_lading
    from {{ ref('int_record') }}
    where foreign_port_of_lading is not null and {{ pending_releases() }}
),

cleaned as (
    select
        foreign_port_of_lading,
        {{ replace_all(replace_all('trim(foreign_port_of_lading)', ' *, *', ', '), ' +', ' ') }} as foreign_port,
        {{ clean_words(first_match('foreign_port_of_lading', '^[^,]*,(.*)$')) }} as words_after_port,
        {{ clean_words(first_match('foreign_port_of_lading', '([^,]*)$')) }} as last_words
    from ports
)

select
    cleaned.foreign_port_of_lading,
    cleaned.foreign_port,
    coalesce(after_port.country_code, at_end.country_code) as country_code
from cleaned
left join {{ ref('country_names') }} as after_port on cleaned.words_after_port = after_port.country_name
left join {{ ref('country_names') }} as at_end on cleaned.last_words = at_end.country_name
