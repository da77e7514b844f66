-- One row per firm or product whose trade of the 52 weeks the imported exports hold whole, `all` where they hold
-- everything; a feed holds everything.

with covering as (
    select scopes.*
    from {{ source('imports', 'scope') }} as scopes
    cross join {{ ref('asof_week') }} as week
    where
        scopes.is_complete
        and coalesce(scopes.first_date, week.week_start_date - {{ 7 * (52 - 1) }})
        <= week.week_start_date - {{ 7 * (52 - 1) }}
        and scopes.last_date >= week.week_start_date + 6
),

feeds as (
    select count(*) = 0 as is_feed
    from {{ source('imports', 'scope') }}
)

select
    'all' as side,
    cast(null as integer) as firm_key,
    cast(null as varchar) as hs_code
from feeds
where is_feed

union all

select distinct
    'all' as side,
    cast(null as integer) as firm_key,
    cast(null as varchar) as hs_code
from covering
where scope_kind = 'all'

union all

select distinct
    'product' as side,
    cast(null as integer) as firm_key,
    scope_value as hs_code
from covering
where scope_kind = 'product'

{%- for side, party in {'supplier': 'supplier', 'buyer': 'consignee'}.items() %}

union all

select distinct
    '{{ side }}' as side,
    firms.{{ party }}_key as firm_key,
    cast(null as varchar) as hs_code
from covering
inner join {{ ref('int_party_name_variant') }} as variants
    on covering.raw_name = variants.raw_name and variants.party_kind = '{{ party }}'
inner join {{ ref('week_' ~ party ~ '_entity') }} as firms on variants.entity_id = firms.{{ party }}_id
where covering.scope_kind = '{{ side }}'
{%- endfor %}
