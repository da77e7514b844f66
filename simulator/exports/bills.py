"""Bills of a folder of AMS files, one dict each: what a vendor's export would show of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import duckdb

Bill = dict[str, Any]
_READ: Final = "read_csv({}, all_varchar = true, header = true, strict_mode = false, ignore_errors = true, null_padding = true, union_by_name = true, parallel = false)"


def read_bills(folder: Path, *, shipper_like: str = "", consignee_like: str = "") -> list[Bill]:
    """Return the newest version of each bill below `folder`, deleted ones left out, by arrival.

    Args:
        folder: has AMS files at any depth, under the default names.
        shipper_like: only bills whose shipper's name begins so.
        consignee_like: only bills whose consignee's name begins so.
    """
    with duckdb.connect() as connection:
        for table in ("header", "billgen", "shipper", "consignee", "notifyparty", "cargodesc", "container", "tariff"):
            files = f"'{folder}/**/ams__{table}_*.csv.gz'"
            connection.execute(f"create view {table} as select distinct * from {_READ.format(files)}")
        cursor = connection.execute(_QUERY, [shipper_like, consignee_like])
        names = [item[0] for item in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _lines(prefix: str) -> str:
    fields = [f"{prefix}_name", *(f"{prefix}_address_{number}" for number in range(1, 5))]
    return f"list_filter([{', '.join(fields)}], item -> item is not null and item <> '')"


_QUERY: Final = f"""
with versions as (
    select
        header.* replace (coalesce(actual_arrival_date, estimated_arrival_date) as actual_arrival_date),
        master_bol_number, house_bol_number, bill_type_code, voyage_number, run_date, manifest_number,
        row_number() over (
            partition by master_bol_number, house_bol_number
            order by run_date desc, try_cast(header.identifier as bigint) desc
        ) as recency
    from header
    inner join billgen using (identifier)
),

parties as (
    select 'shipper' as side, identifier, {_lines("shipper_party")} as lines, city, state_province, zip_code, country_code
    from shipper where shipper_party_name is not null
    union all
    select 'consignee', identifier, {_lines("consignee")}, city, state_province, zip_code, country_code
    from consignee where consignee_name is not null
    union all
    select 'notify', identifier, {_lines("notify_party")}, city, state_province, zip_code, country_code
    from notifyparty where notify_party_name is not null
),

sides as (
    select identifier, side, any_value(parties order by lines) as party, count(*) as parties from parties group by identifier, side
),

boxes as (
    select
        identifier,
        list(container_number order by container_number) as numbers,
        list(coalesce(container_type, '') order by container_number) as types,
        list(concat_ws('*', container_length, container_height, container_width) order by container_number) as sizes
    from container
    where regexp_matches(container_number, '^[A-Z]{{4}}[0-9]{{6}}')
    group by identifier
),

texts as (
    select
        identifier,
        string_agg(description_text, chr(10) order by place, description_text) as goods
    from (
        select identifier, description_text, min(try_cast(description_sequence_number as integer)) as place
        from cargodesc group by identifier, description_text
    )
    group by identifier
),

codes as (
    select identifier, list(distinct regexp_replace(harmonized_number, '[.]0$', '')) as codes from tariff group by identifier
)

select
    versions.*,
    coalesce(house_bol_number, master_bol_number) as number,
    ship.party as shipper,
    cons.party as consignee,
    noti.party as notify,
    coalesce(noti.parties, 0) as notify_parties,
    numbers, types, sizes, goods, codes
from versions
left join sides as ship on ship.identifier = versions.identifier and ship.side = 'shipper'
left join sides as cons on cons.identifier = versions.identifier and cons.side = 'consignee'
left join sides as noti on noti.identifier = versions.identifier and noti.side = 'notify'
left join boxes on boxes.identifier = versions.identifier
left join texts on texts.identifier = versions.identifier
left join codes on codes.identifier = versions.identifier
where
    recency = 1 and record_status_indicator <> 'Deleted' and actual_arrival_date is not null
    and ($1 = '' or starts_with(ship.party.lines[1], $1)) and ($2 = '' or starts_with(cons.party.lines[1], $2))
order by actual_arrival_date, number
"""
