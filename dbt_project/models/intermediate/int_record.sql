{{ config(
    changed_by='int_changed_record',
    changed_key='identifier',
    tested_by='int_changed_release',
    tested_key='release_date'
) }}
{{ built_after('int_changed_family', 'int_changed_name_variant', 'int_changed_record') }}

{#- Only the beginning of a longer cargo text: it names the goods, the rest repeats them by item. -#}
{% set described_lines = 8 %}
{% set description_length = 1000 %}

with header as (
    select * from {{ ref('stg_header') }}
    where {{ pending_releases() }}
),

billgen as (
    select * from {{ ref('stg_billgen') }}
    where {{ pending_releases() }}
),

shipper as (
    select
        release_date,
        identifier,
        min(spelling_id) as spelling_id,
        min(city) as city,
        min(country_code) as country_code
    from {{ ref('stg_shipper') }}
    where {{ pending_releases() }}
    group by release_date, identifier
),

consignee as (
    select
        release_date,
        identifier,
        min(spelling_id) as spelling_id,
        min(city) as city,
        min(state) as state,
        min(country_code) as country_code
    from {{ ref('stg_consignee') }}
    where {{ pending_releases() }}
    group by release_date, identifier
),

text_lines as (
    select
        release_date,
        identifier,
        description_text,
        min(coalesce(description_sequence_number, 0)) as line_number
    from {{ ref('stg_cargodesc') }}
    where {{ pending_releases() }}
    group by release_date, identifier, description_text
),

-- lines are joined by window functions: string_agg would need all records in memory at once
read_on as (
    select
        release_date,
        identifier,
        concat_ws(
            ' ',
            description_text
            {%- for n in range(1, described_lines) %},
            lead(description_text, {{ n }}) over record
            {%- endfor %}
        ) as description,
        row_number() over record as line_rank
    from text_lines
    window record as (partition by release_date, identifier order by line_number, description_text)
),

descriptions as (
    select
        release_date,
        identifier,
        left(description, {{ description_length }}) as description
    from read_on
    where line_rank = 1
),

joined as (
    select
        header.identifier,
        header.release_date,
        billgen.run_date,
        billgen.trade_update_date,
        billgen.family_key,
        billgen.master_bol_number,
        billgen.house_bol_number,
        billgen.sub_house_bol_number,
        billgen.bill_type,
        header.record_status,
        header.carrier_scac,
        header.vessel_name,
        billgen.voyage_number,
        {{ plausible_arrival('header.actual_arrival_date', 'header.estimated_arrival_date', 'billgen.run_date') }}
            as arrival_date,
        header.foreign_port_of_lading,
        header.foreign_port_of_destination,
        header.in_bond_entry_type,
        header.us_port,
        header.weight_raw,
        header.weight_unit,
        header.quantity,
        header.quantity_unit,
        shipper.spelling_id as shipper_spelling_id,
        shipper.city as shipper_city,
        shipper.country_code as shipper_country_code,
        consignee.spelling_id as consignee_spelling_id,
        consignee.city as consignee_city,
        consignee.state as consignee_state,
        consignee.country_code as consignee_country_code,
        descriptions.description
    from header
    inner join billgen
        on header.identifier = billgen.identifier and header.release_date = billgen.release_date
    left join shipper
        on header.identifier = shipper.identifier and header.release_date = shipper.release_date
    left join consignee
        on header.identifier = consignee.identifier and header.release_date = consignee.release_date
    left join descriptions
        on header.identifier = descriptions.identifier and header.release_date = descriptions.release_date
),

repeated as (
    select identifier
    from joined
    group by identifier
    having count(*) > 1
),

ranked as (
    select
        joined.*,
        row_number() over (
            partition by joined.identifier
            order by
                joined.release_date desc,
                -- two rows of one identifier in one release: which one wins is arbitrary, but always the same
                joined.master_bol_number desc,
                joined.house_bol_number desc,
                joined.record_status desc,
                joined.weight_raw desc nulls last,
                joined.arrival_date desc nulls last,
                joined.vessel_name desc nulls last
        ) as recency
    from joined
    inner join repeated on joined.identifier = repeated.identifier
),

newest as (
    select joined.*, 1 as recency
    from joined
    left join repeated on joined.identifier = repeated.identifier
    where repeated.identifier is null

    union all

    select *
    from ranked
    where recency = 1
)

{%- if is_incremental() %},

-- records that a newer release, not pending, has brought already
settled as (
    select built.identifier
    from {{ this }} as built
    where
        built.identifier in (select newest.identifier from newest)
        and built.identifier not in (select changed.identifier from {{ ref('int_changed_record') }} as changed)
)
{%- endif %}

select
    newest.identifier,
    newest.release_date,
    newest.run_date,
    newest.trade_update_date,
    newest.family_key,
    newest.master_bol_number,
    newest.house_bol_number,
    newest.sub_house_bol_number,
    newest.bill_type,
    newest.record_status,
    newest.carrier_scac,
    newest.vessel_name,
    newest.voyage_number,
    newest.arrival_date,
    newest.foreign_port_of_lading,
    newest.foreign_port_of_destination,
    newest.in_bond_entry_type,
    newest.us_port,
    newest.weight_raw,
    newest.weight_unit,
    {{ kilograms('newest.weight_raw', 'units.kg_per_unit') }} as weight_kg,
    newest.quantity,
    newest.quantity_unit,
    newest.shipper_spelling_id,
    newest.shipper_city,
    newest.shipper_country_code,
    newest.consignee_spelling_id,
    newest.consignee_city,
    newest.consignee_state,
    newest.consignee_country_code,
    newest.description,
    {{ goods_key('newest.description') }} as text_key
from newest
left join {{ ref('weight_units') }} as units on {{ code_word('newest.weight_unit') }} = units.weight_unit
{%- if is_incremental() %}
left join settled on newest.identifier = settled.identifier
where settled.identifier is null
{%- endif %}
