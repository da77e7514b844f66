"""The SQL that looks into the staged rows, for hundreds of release days at once.

Belongs here: queries and their answers as data frames. Does not belong here: what is to be counted (see `measures`),
intervals and the profile's form (see `profile`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import duckdb
import pandas as pd

from pipeline.quality.measures import Measure, free_text
from pipeline.records.layout import TABLES

PARTY_NAMES: Final = {"shipper": "shipper_party_name", "consignee": "consignee_name"}
SHOWN_VALUES: Final = 50
"""Distinct values of a vocabulary kept for each day, the most frequent ones; exact counts stand beside them."""

_READ: Final = "read_parquet($paths, hive_partitioning = true, hive_types = {'release_date': date})"


class StagedRows:
    """The staged files of some release days, by table; a table without files is one without rows.

    Every answer has the column `release_date` (ISO text); a day without rows is not in it.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, paths: Mapping[str, Sequence[str]]) -> None:
        """Remember where the rows are; only the identifiers of header and billgen are read.

        Args:
            connection: an engine in which temporary tables can be made.
            paths: the Parquet files of each table, all with the layout's columns.
        """
        self._connection = connection
        self._paths = {table: list(files) for table, files in paths.items()}
        for table in ("header", "billgen"):
            connection.execute(
                f"""
                create or replace temp table {table}_bills as
                select distinct release_date, identifier from {self._rows(table)}
                """,
                self._values(table),
            )

    def counts(self, table: str, measures: Sequence[Measure]) -> pd.DataFrame:
        """For each measure its name and, for shares, its name with `_of` behind it."""
        columns = [f"{measure.hits} as {measure.name}" for measure in measures]
        columns += [f"{measure.of} as {measure.name}_of" for measure in measures if measure.of]
        values = {name: value for measure in measures for name, value in measure.values.items()}
        return self._frame(
            f"select release_date, {', '.join(columns)} from {self._rows(table)} group by release_date",
            {**self._values(table), **values},
        )

    def vocabulary(self, table: str, value: str) -> pd.DataFrame:
        """Distinct values of the expression `value`: text, hits; a null text where there is none to judge."""
        return self._frame(
            f"""
            select release_date, {value} as text, count(*) as hits
            from {self._rows(table)}
            group by release_date, text
            qualify row_number() over (partition by release_date order by hits desc, text) <= $shown
            """,
            {**self._values(table), "shown": SHOWN_VALUES},
        )

    def samples(self, table: str, size: int) -> pd.DataFrame:
        """At most `size` rows of each day: identifier, text (null where the table has no free text).

        Which rows depends on their content only: those with the least hashes.
        """
        layout = TABLES[table]
        text = free_text(layout) if layout.free_text else "null::varchar"
        return self._frame(
            f"""
            with rows as (
                select release_date, identifier::varchar as identifier, {text} as text from {self._rows(table)}
            ),
            least as (
                select
                    release_date,
                    unnest(arg_min({{'identifier': identifier, 'text': text}}, hash(identifier, text), $size)) as row
                from rows
                group by release_date
            )
            select release_date, row.identifier as identifier, row.text as text
            from least
            order by release_date, identifier, text
            """,
            {**self._values(table), "size": size},
        )

    def orphans(self, table: str) -> pd.DataFrame:
        """Rows of `table` without a header: hits, of."""
        return self._frame(
            f"""
            select
                children.release_date,
                count(*) filter (where header_bills.identifier is null) as hits,
                count(*) as of
            from {self._rows(table)} as children
            left join header_bills using (release_date, identifier)
            group by children.release_date
            """,
            self._values(table),
        )

    def headers_alone(self) -> pd.DataFrame:
        """Headers without a billgen row: hits, of."""
        return self._frame(
            """
            select
                header_bills.release_date,
                count(*) filter (where billgen_bills.identifier is null) as hits,
                count(*) as of
            from header_bills
            left join billgen_bills using (release_date, identifier)
            group by header_bills.release_date
            """,
            {},
        )

    def unnamed_bills(self, table: str) -> pd.DataFrame:
        """Headers without a named party in `table`: hits, of."""
        return self._frame(
            f"""
            with named as (
                select distinct release_date, identifier
                from {self._rows(table)}
                where trim({PARTY_NAMES[table]}) <> ''
            )
            select
                header_bills.release_date,
                count(*) filter (where named.identifier is null) as hits,
                count(*) as of
            from header_bills
            left join named using (release_date, identifier)
            group by header_bills.release_date
            """,
            self._values(table),
        )

    def _rows(self, table: str) -> str:
        if self._paths.get(table):
            return _READ
        layout = TABLES[table]
        columns = (f"null::{layout.types.get(name, 'varchar')} as {name}" for name in layout.columns)
        return f"(select null::date as release_date, {', '.join(columns)} where false)"

    def _values(self, table: str) -> dict[str, object]:
        return {"paths": self._paths[table]} if self._paths.get(table) else {}

    def _frame(self, query: str, values: dict[str, object]) -> pd.DataFrame:
        return with_iso_days(self._connection.execute(query, values).df())


def schemas(connection: duckdb.DuckDBPyConnection, paths: Sequence[str]) -> dict[str, str]:
    """The columns and types of each Parquet file as one text, in the file's order."""
    if not paths:
        return {}
    rows = connection.execute(
        """
        select file_name, string_agg(name || ' ' || duckdb_type, ', ' order by column_id)
        from parquet_schema($paths)
        where duckdb_type is not null
        group by file_name
        """,
        {"paths": list(paths)},
    ).fetchall()
    return dict(rows)


def quarantine_counts(connection: duckdb.DuckDBPyConnection, paths: Sequence[str]) -> pd.DataFrame:
    """Rows in quarantine: release_date, table_name, hits."""
    if not paths:
        return pd.DataFrame({"release_date": [], "table_name": [], "hits": []})
    return with_iso_days(
        connection.execute(
            f"select release_date, table_name, count(*) as hits from {_READ} group by release_date, table_name",
            {"paths": list(paths)},
        ).df()
    )


def with_iso_days(frame: pd.DataFrame) -> pd.DataFrame:
    """The same frame with release days as text, which is how failures are found again by them."""
    frame["release_date"] = pd.to_datetime(frame["release_date"]).dt.strftime("%Y-%m-%d").astype(object)
    return frame
