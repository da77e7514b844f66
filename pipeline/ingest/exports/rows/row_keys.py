"""Which bill each row of an export belongs to, and why a row is not loaded: keys only, no text of parties or goods."""

from __future__ import annotations

from typing import Final

import duckdb

WEIGHTS_DIFFER: Final = 2.0
"""The vendor's kilograms against the unit on the bill, beyond which it is noted: `13844 ET` of a truck load is no tonnes."""
REUSE_DAYS: Final = 180
"""As of the models (`reuse_days`)."""
EARLIEST: Final = "2003-01-01"
"""Vendors' records of US imports begin some years later; anything before is a slip of the date."""
LATEST_DAYS: Final = 120
"""Vessels are announced weeks ahead, never this long."""
ROWS_AT_ONCE: Final = 100_000
"""Rows whose texts are in memory together; DuckDB cannot spill the lists and last values of a group."""


def create_keyed(connection: duckdb.DuckDBPyConnection, typed: str, without_numbers: bool) -> None:
    """Create the table `keyed`: key, reason and part of each row of the query `typed`.

    Args:
        connection: has what `typed` reads.
        typed: of `typed_rows`.
        without_numbers: whether rows without a bill number are loaded under keys of their own.
    """
    connection.execute(f"create table row_key as {_row_keys(typed)}")
    connection.execute(f"create table keyed as {_keyed(_wants_prefix(connection), without_numbers)}")
    connection.execute("drop table row_key")


def _row_keys(typed: str) -> str:
    return f"""
    select
        line,
        row_hash,
        coalesce(arrived, estimated) as arrives,
        coalesce(bill_code, '') as bill_code,
        master_code,
        scac,
        case
            when coalesce(arrived, estimated) is null and regexp_matches(first_cell, '(?i)^\\s*(grand |sub-?)?totals?\\b') then 'a total'
            when coalesce(arrival_date, estimated_arrival_date) is null then 'no arrival date'
            when coalesce(arrived, estimated) is null then 'an arrival date that cannot be read'
            when coalesce(arrived, estimated) not between date '{EARLIEST}' and current_date + {LATEST_DAYS} then 'an arrival date years off'
            when regexp_matches(bill_number, '^\\s*[0-9](?:[.,][0-9]+)?E[+]?[0-9]+\\s*$') then 'a bill number that a spreadsheet has rounded'
        end as fault,
        kg > 0 and original_kg > 0 and greatest(kg / original_kg, original_kg / kg) > {WEIGHTS_DIFFER} as weights_differ
    from ({typed})
    """


def _wants_prefix(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the vendor writes bill numbers without the carrier's code: most neither begin with it nor with four letters."""
    (share,) = connection.execute(
        """
        select avg(cast(starts_with(bill_code, scac) or regexp_matches(bill_code, '^[A-Z]{4}[A-Z0-9]*[0-9]') as integer))
        from row_key where bill_code <> '' and scac is not null
        """
    ).fetchone() or (None,)
    return share is not None and share < 0.5


def _keyed(prefix: bool, without_numbers: bool) -> str:
    def full(code: str) -> str:
        return (
            f"case when scac is not null and not starts_with({code}, scac) then scac else '' end || {code}"
            if prefix
            else code
        )

    own_key = "'NONE' || upper(substr(md5(row_hash || '|' || occurrence), 1, 16))"
    missing = "null" if without_numbers else "'no bill number'"
    return f"""
    with numbered as (
        select *, row_number() over (partition by row_hash order by line) as occurrence
        from row_key
    ),

    named as (
        select
            line,
            row_hash,
            arrives,
            weights_differ,
            case when bill_code = '' then {own_key} else {full("bill_code")} end as bill_key,
            nullif({full("master_code")}, '') as master_key,
            bill_code <> '' as has_number,
            coalesce(fault, case when bill_code = '' then {missing} end) as reason
        from numbered
    ),

    followed as (
        select *, lag(arrives) over (partition by bill_key order by arrives, line) as earlier
        from named
    ),

    used as (
        select
            * exclude (earlier),
            -- a number that comes back half a year later is another shipment
            count(*) filter (arrives - earlier > {REUSE_DAYS}) over (partition by bill_key order by arrives, line) as use_number
        from followed
    )

    -- the rows of a bill are in one part, wherever they are in the file
    select * exclude (first_line), (rank() over (order by first_line) - 1) // {ROWS_AT_ONCE} as part
    from (select *, min(line) over (partition by bill_key, use_number) as first_line from used)
    """
