"""The SQL that looks into the staged rows, for hundreds of release days at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import duckdb
import pandas as pd

from expectations.links import CHILDREN
from pipeline.ingest.formats.ams import TABLES
from pipeline.quality.measures import BILLS, Measure, free_text

PARTY_NAMES: Final = {"shipper": "shipper_party_name", "consignee": "consignee_name"}
SHOWN_VALUES: Final = 50
"""Distinct values of a vocabulary kept for each day, the most frequent ones; exact counts stand beside them."""

SHOWN_CHARACTERS: Final = 40
"""Of a vocabulary's value: the longest word known has 23, and a column that has slipped may hold anything."""
SAMPLED_CHARACTERS: Final = 20_000
"""Of a sampled text: real ones have hundreds, and a field of megabytes is not to fill the memory."""
BILLS_NUMBERED: Final = "billgen_bills"

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
        for table, name in (("header", BILLS), ("billgen", BILLS_NUMBERED)):
            connection.execute(
                f"""
                create or replace temp table {name} as
                select distinct release_date, identifier from {self._rows(table)}
                """,
                self._values(table),
            )

    def count(self, table: str, measures: Sequence[Measure], size: int) -> pd.DataFrame:
        """Count and sample the rows of a table in one reading.

        Args:
            table: the table.
            measures: what to count.
            size: rows of each day to sample.

        Returns:
            For each measure its name and, for shares, its name with `_of` behind it; `sampled`, a list of records of
            `identifier` and `text` (null where the table has no free text). Which rows are sampled depends on their
            content only: those with the least hashes.
        """
        layout = TABLES[table]
        columns = [f"{measure.hits} as {measure.name}" for measure in measures]
        columns += [f"{measure.of} as {measure.name}_of" for measure in measures if measure.of]
        values = {name: value for measure in measures for name, value in measure.values.items()}
        text = f"left({free_text(layout)}, {SAMPLED_CHARACTERS})" if layout.free_text else "null::varchar"
        record = f"{{'identifier': identifier::varchar, 'text': {text}}}"
        joined = f"left join {BILLS} using (release_date, identifier)" if table in CHILDREN else ""
        return self._frame(
            f"""
            select
                release_date,
                {", ".join(columns)},
                arg_min({record}, hash(identifier, {text}), $size) as sampled
            from {self._rows(table)}
            {joined}
            group by release_date
            """,
            {**self._values(table), **values, "size": size},
        )

    def vocabulary(self, table: str, value: str) -> pd.DataFrame:
        """Distinct values of the expression `value`: text, hits; a null text where there is none to judge."""
        return self._frame(
            f"""
            select release_date, left({value}, {SHOWN_CHARACTERS}) as text, count(*) as hits
            from {self._rows(table)}
            group by release_date, text
            qualify row_number() over (partition by release_date order by hits desc, text) <= $shown
            """,
            {**self._values(table), "shown": SHOWN_VALUES},
        )

    def headers_alone(self) -> pd.DataFrame:
        """Headers without a billgen row: hits, of."""
        return self._frame(
            f"""
            select
                {BILLS}.release_date,
                count(*) filter (where {BILLS_NUMBERED}.identifier is null) as hits,
                count(*) as of
            from {BILLS}
            left join {BILLS_NUMBERED} using (release_date, identifier)
            group by {BILLS}.release_date
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
                {BILLS}.release_date,
                count(*) filter (where named.identifier is null) as hits,
                count(*) as of
            from {BILLS}
            left join named using (release_date, identifier)
            group by {BILLS}.release_date
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
        frame = self._connection.execute(query, values).df()
        # As text, which is how Great Expectations gives them back with a failure.
        frame["release_date"] = frame["release_date"].dt.strftime("%Y-%m-%d")
        return frame


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


def quarantine_counts(connection: duckdb.DuckDBPyConnection, paths: Sequence[str]) -> dict[tuple[str, str], int]:
    """Rows in quarantine by release day and table."""
    if not paths:
        return {}
    rows = connection.execute(
        f"select release_date::varchar, table_name, count(*) from {_READ} group by all", {"paths": list(paths)}
    ).fetchall()
    return {(day, table): number for day, table, number in rows}
