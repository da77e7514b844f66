"""SQL of cells: nothing, entities and highlights, numbers, dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import duckdb

from pipeline.ingest.exports.reading.files import ExportError

NULLS: Final = ("", "NULL", "N/A", "#N/A", "-", "--", "NOT AVAILABLE", "NAN", "[REDACTED]")
ENTITIES: Final = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&apos;": "'", "&nbsp;": " ", "&amp;": "&"}
NUMERIC_DATE: Final = r"^\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})\b"
ISO_DATE: Final = r"^\s*(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})"
SERIAL: Final = r"^\s*(\d{5})(?:\.\d+)?\s*$"
"""Days since 30 December 1899: a date cell of a workbook that was saved as text."""
ZONED: Final = r"[T ](\d{2}:\d{2}(?::\d{2})?)"
MOST_ZONE_TIMES: Final = 2
"""Midnight of one zone has one time of day in UTC, two with daylight saving."""


def text(value: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def cleaned(column: str, nulls: tuple[str, ...] = ()) -> str:
    """SQL of a cell without highlights, entities and padding; null where it says nothing."""
    plain = f"regexp_replace(regexp_replace({column}, '(?i)<br\\s*/?>', chr(10), 'g'), '</?[A-Za-z][^<>]*>', '', 'g')"
    for entity, sign in ENTITIES.items():
        plain = f"replace({plain}, {text(entity)}, {text(sign)})"
    shown = (
        f"trim(case when contains({column}, '&') or contains({column}, '<') then {plain} else {column} end, ' \t\r\n')"
    )
    nothing = ", ".join(text(word) for word in (*NULLS, *nulls))
    return f"case when upper({shown}) not in ({nothing}) then {shown} end"


def number(column: str, decimal_comma: bool) -> str:
    """SQL of a number with thousand marks, currency signs and units of money, as decimal."""
    digits = f"regexp_replace({column}, '[^0-9,.()-]', '', 'g')"
    plain = f"replace(replace({digits}, '.', ''), ',', '.')" if decimal_comma else f"replace({digits}, ',', '')"
    return (
        f"try_cast(case when regexp_matches({column}, '^\\s*[-+]?[0-9.]+[Ee][-+]?[0-9]+\\s*$') then try_cast({column} as double) "
        f"else try_cast(regexp_replace({plain}, '[()-]+', '', 'g') as decimal(28,6)) end as decimal(28,3))"
    )


def decimal_commas(connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> set[str]:
    """Return the columns of numbers with decimal commas: `1.234,5`, or only forms such as `12,5` that no thousands are."""
    if not columns:
        return set()
    tests = ", ".join(
        f"""
        coalesce(bool_or(regexp_matches({column}, '^[^0-9]*[0-9.]*[0-9],([0-9]{{1,2}}|[0-9]{{4,}})[^0-9,.]*$')), false)
            and not coalesce(bool_or(regexp_matches({column}, '[0-9],[0-9]{{3}}[.,]|[.][0-9]{{1,2}}[^0-9]*$')), false)
        """
        for column in columns
    )
    found = connection.execute(f"select {tests} from {table}").fetchone() or ()
    return {column for column, is_comma in zip(columns, found, strict=True) if is_comma}


@dataclass(frozen=True)
class DateForm:
    """How the dates of one file are written.

    Attributes:
        order: of numeric dates: `dmy`, `mdy`, or None where there are none.
        is_zoned: whether times are midnight of another zone, in UTC.
    """

    order: str | None
    is_zoned: bool


def date_form(
    connection: duckdb.DuckDBPyConnection, table: str, columns: list[str], known: str | None, asked: str | None
) -> DateForm:
    """Return how the dates in `columns` are written; one order for the whole file.

    Args:
        connection: has `table`.
        table: with columns of text.
        columns: of dates.
        known: the vendor's order, used where the dates allow both.
        asked: the order that the caller gave.

    Raises:
        ExportError: two orders in one file, or one that cannot be known.
    """
    values = " union all ".join(f"select {column} as value from {table}" for column in columns)
    row = connection.execute(
        f"""
        with numeric as (
            select
                cast(regexp_extract(value, '{NUMERIC_DATE}', 1) as integer) as first,
                cast(regexp_extract(value, '{NUMERIC_DATE}', 2) as integer) as second,
                value
            from ({values})
            where regexp_matches(value, '{NUMERIC_DATE}')
        )
        select
            count(*), count(*) filter (first > 12), count(*) filter (second > 12),
            min(value) filter (first > 12), min(value) filter (second > 12), min(value)
        from numeric
        """
    ).fetchone()
    count, is_dmy, is_mdy, dmy_value, mdy_value, sample = row or (0, 0, 0, None, None, None)
    times = connection.execute(
        f"""
        select distinct regexp_extract(value, '{ZONED}', 1) from ({values})
        where regexp_matches(value, '{ISO_DATE}{ZONED}')
        limit 10
        """
    ).fetchall()
    is_zoned = 0 < len(times) <= MOST_ZONE_TIMES and all(time[:5] != "00:00" for (time,) in times)
    order = "dmy" if is_dmy else "mdy" if is_mdy else asked or known
    if is_dmy and is_mdy:
        raise ExportError(
            f"the dates have two orders in one column: {dmy_value} can only be day first, {mdy_value} only month first "
            f"({is_dmy:,} and {is_mdy:,} rows). A spreadsheet has turned a part of them: export the file again as CSV or "
            "XLSX without opening it in between"
        )
    if count and asked and order != asked:
        other = dmy_value or mdy_value
        raise ExportError(f"--dates {asked} does not fit: {other} is in the file. Leave --dates out")
    if count and order is None:
        raise ExportError(
            f"the dates can be read in two ways ({sample} all through, no day above 12): say which with --dates dmy (day "
            "first) or --dates mdy (month first)"
        )
    return DateForm(order if count else None, is_zoned)


def date_of(column: str, form: DateForm) -> str:
    """SQL of a date; null where it cannot be read."""
    day, month = ("2", "1") if form.order == "mdy" else ("1", "2")
    year = f"regexp_extract({column}, '{NUMERIC_DATE}', 3)"
    numeric = (
        f"case when length({year}) = 2 then '20' else '' end || {year} || '-' || regexp_extract({column}, '{NUMERIC_DATE}', {month})"
        f" || '-' || regexp_extract({column}, '{NUMERIC_DATE}', {day})"
    )
    iso = "||'-'||".join(f"regexp_extract({column}, '{ISO_DATE}', {part})" for part in (1, 2, 3))
    named = f"coalesce(try_strptime(regexp_replace({column}, '[- ,]+', ' ', 'g'), ['%d %b %Y', '%d %B %Y', '%b %d %Y', '%B %d %Y']))"
    # noon turns midnight of any zone into its day
    shift = f"cast(try_cast(replace(replace({column}, 'T', ' '), 'Z', '') as timestamp) + interval 12 hours as date)"
    return (
        f"case when regexp_matches({column}, '{ISO_DATE}') then "
        + (f"coalesce({shift}, try_cast({iso} as date)) " if form.is_zoned else f"try_cast({iso} as date) ")
        + f"when regexp_matches({column}, '{NUMERIC_DATE}') then try_cast({numeric} as date) "
        f"when regexp_matches({column}, '{SERIAL}') then date '1899-12-30' + cast(regexp_extract({column}, '{SERIAL}', 1) as integer) "
        f"else cast({named} as date) end"
    )
