"""All imported exports as one version of each bill: the newest export wins, gaps are filled, differences are listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import duckdb

from pipeline.ingest.exports.fields import SIDES
from pipeline.ingest.exports.rows.cells import text
from pipeline.ingest.exports.rows.row_keys import REUSE_DAYS, ROWS_AT_ONCE

SCALARS: Final = (
    *("master_number", "carrier_scac", "arrival_date", "estimated_arrival_date", "vessel", "imo", "voyage"),
    *("foreign_port", "us_port", "receipt", "container_count", "teu", "value_usd", "in_bond", "manifest"),
)
TOGETHER: Final = (("weight", "weight_unit"), ("quantity", "quantity_unit"), ("measurement", "measurement_unit"))
"""A number and its unit come from one export."""
LISTED: Final = ("containers", "hs_codes", "goods", "marks")
COMPARED: Final = {
    "arrival_date": "arrival_date",
    "carrier_scac": "carrier_scac",
    "vessel": "regexp_replace(vessel, '[^A-Za-z0-9]', '', 'g')",
    "foreign_port": "foreign_port",
    "us_port": "us_port",
    "weight": "round(weight) || ' ' || weight_unit",
    "quantity": "quantity || ' ' || quantity_unit",
    "container_count": "coalesce(nullif(len(containers), 0), container_count)",
    "shipper": "case when shipper.basis = 'raw' then regexp_replace(shipper.name, '[^\\pL\\pN]+', ' ', 'g') end",
    "consignee": "case when consignee.basis = 'raw' then regexp_replace(consignee.name, '[^\\pL\\pN]+', ' ', 'g') end",
}
"""Fields that are compared between exports, as text in one form; a vendor's own name of a firm is no claim of the bill."""


@dataclass(frozen=True)
class Source:
    """One imported export.

    Attributes:
        name: for people: vendor and file.
        path: Parquet of its bills.
        exported_on: the day of its query.
    """

    name: str
    path: Path
    exported_on: date


def create_bills(connection: duckdb.DuckDBPyConnection, sources: Sequence[Source], lag_days: int, today: date) -> None:
    """Create the tables `bill` (one row per bill, with its release day and identifier) and `conflict`.

    Args:
        connection: a database for them.
        sources: oldest export first.
        lag_days: assumed days from a bill's arrival to its publication.
        today: no release is later.
    """
    rows = " union all by name ".join(
        f"select * rename (use_number as own_use), {rank} as rank, date '{source.exported_on}' as exported_on, "
        f"{text(source.name)} as source, coalesce(arrival_date, estimated_arrival_date) as arrives "
        f"from read_parquet({text(str(source.path))})"
        for rank, source in enumerate(sources)
    )
    connection.execute(f"create view version_row as {rows}")
    connection.execute(f"create table version as {_VERSIONS}")
    connection.execute(f"create table placed as {_placed(lag_days, today)}")
    parts = connection.execute(
        "select part, min(arrives), max(arrives) from placed join version using (bill_key, use_number) group by part order by part"
    ).fetchall()
    for number, (part, first, last) in enumerate(parts or [(0, today, today)]):
        verb = "insert into bill" if number else "create table bill as"
        connection.execute(f"{verb} {_merged(part, first, last)}")
    connection.execute(f"create table conflict as {_conflicts()}")


_VERSIONS: Final = f"""
with followed as (
    select rank, bill_key, own_use, exported_on, arrives, lag(arrives) over bill as earlier
    from version_row
    window bill as (partition by bill_key order by arrives, rank)
)

select
    * exclude (earlier),
    count(*) filter (arrives - earlier > {REUSE_DAYS}) over (partition by bill_key order by arrives, rank) as use_number
from followed
"""
"""The keys of all bills of all exports."""


def _placed(lag_days: int, today: date) -> str:
    return f"""
    with dated as (
        select
            bill_key,
            use_number,
            -- known since the first export that has it says so: a later arrival in a newer export moves nothing back
            min(least(arrives + {lag_days}, exported_on, date '{today}')) as release_date,
            count(*) as versions,
            md5_number_lower(bill_key || '|' || use_number) % 80000000 as slot
        from version
        group by bill_key, use_number
    ),

    shared as (
        select *, row_number() over (partition by release_date, slot order by bill_key, use_number) as sharers
        from dated
    )

    -- identifiers are the run date and a row number; those of customs have at most seven digits, these have eight, which
    -- stay the same whatever else is imported, and a float holds them whole
    select
        * exclude (slot, sharers),
        cast(strftime(release_date, '%Y%m%d') as bigint) * 100000000 + case
            when sharers = 1 then 10000000 + slot
            else 90000000 + row_number() over (partition by release_date, sharers > 1 order by bill_key, use_number)
        end as identifier,
        (sum(versions) over (order by release_date, bill_key, use_number) - versions) // {ROWS_AT_ONCE} as part
    from shared
    """


def _merged(part: int, first: date, last: date) -> str:
    def best(column: str, given: str, order: str = "rank") -> str:
        return f"arg_max({column}, {order}) filter ({given}) as {column}"

    pairs = ", ".join(best(column, f"{pair[0]} is not null") for pair in TOGETHER for column in pair)
    return f"""
    with merged as (
        select
            bill_key,
            use_number,
            {best("bill_type", "bill_type is not null")},
            {", ".join(best(column, f"{column} is not null") for column in SCALARS)},
            {pairs},
            {", ".join(best(column, f"len({column}) > 0") for column in LISTED)},
            {", ".join(best(side, f"{side} is not null", f"rank + 1000000 * cast({side}.basis = 'raw' as integer)") for side in SIDES)},
            bool_or(is_transit) as is_transit,
            bool_or(has_number) as has_number
        from (select * exclude (exported_on, arrives) from version_row where arrives between '{first}' and '{last}')
        inner join (
            select rank, bill_key, own_use, use_number
            from version
            semi join (from placed where part = {part}) as chosen using (bill_key, use_number)
        ) using (rank, bill_key, own_use)
        group by bill_key, use_number
    )

    select merged.*, release_date, identifier
    from merged
    inner join (from placed where part = {part}) as chosen using (bill_key, use_number)
    """


def _conflicts() -> str:
    fields = " union all ".join(
        f"select bill_key, use_number, {text(name)} as field, upper(cast({value} as varchar)) as value, rank, source from repeated"
        for name, value in COMPARED.items()
    )
    return f"""
    with repeated as (
        select *
        from version_row
        inner join (select rank, bill_key, own_use, use_number from version) using (rank, bill_key, own_use)
        semi join (from placed where versions > 1) as several using (bill_key, use_number)
    ),

    said as (select * from ({fields}) where value is not null),

    compared as (
        select
            *,
            first_value(value) over newest as kept_value,
            first_value(source) over newest as kept_source
        from said
        window newest as (partition by bill_key, use_number, field order by rank desc)
    )

    select distinct bill_key as bill_number, field, kept_value, kept_source, value as other_value, source as other_source
    from compared
    where value <> kept_value
    order by all
    """
