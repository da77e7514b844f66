"""The figures that are counted or sampled in the staged rows, in SQL, for hundreds of release days at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import duckdb
import pandas as pd

from expectations.links import CHILDREN
from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.privacy import masks
from pipeline.quality.figures import Figures, counts, shares, texts
from pipeline.quality.measures import BILLS, STAGED_ROWS, VOCABULARIES, counts_of, free_text

PARTY_NAMES: Final = {"shipper": "shipper_party_name", "consignee": "consignee_name"}
SHOWN_VALUES: Final = 50
"""Distinct values of a vocabulary judged for each day, the most frequent ones; exact counts stand beside them."""
SHOWN_CHARACTERS: Final = 40
"""Of a vocabulary's value: the longest word known has 23, and a column that has slipped may have anything."""
SAMPLED_CHARACTERS: Final = 20_000
"""Of a sampled text: real ones have hundreds, and a field of megabytes is not to fill the memory."""
SAMPLE_OF_DAY: Final = 200
"""Rows of a table and day whose values are judged one by one: 200 find a fault of one row in fifty with 98 %
certainty. Exact counts beside the sample cover every row."""
SAMPLE_OF_RUN: Final = 5_000
SAMPLE_AT_LEAST: Final = 4
"""Long ranges stay cheap: the sample of a day shrinks with their number."""
BILLS_NUMBERED: Final = "billgen_bills"

_READ: Final = "read_parquet($paths, hive_partitioning = true, hive_types = {'release_date': date})"


def sample_size(days: int) -> int:
    """Return how many rows of a table are sampled on each of so many days."""
    return max(SAMPLE_AT_LEAST, min(SAMPLE_OF_DAY, SAMPLE_OF_RUN // max(1, days)))


class StagedRows:
    """The staged files of some release days, by table; a table without files is one without rows."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        paths: Mapping[str, Sequence[str]],
        days: Mapping[str, list[str]],
    ) -> None:
        """Read the identifiers of header and billgen, and no other rows yet.

        Args:
            connection: an engine in which temporary tables can be made.
            paths: the Parquet files of each table, all with the layout's columns.
            days: for each table the release days (ISO) of which there must be figures.
        """
        self._connection = connection
        self._paths = {table: list(files) for table, files in paths.items()}
        self._days = days
        for table, name in (("header", BILLS), ("billgen", BILLS_NUMBERED)):
            connection.execute(
                f"""
                create or replace temp table {name} as
                select distinct release_date, identifier from {self._rows(table)}
                """,
                self._values(table),
            )

    def figures(self, size: int) -> list[Figures]:
        """Return the figures of all tables; `size` rows of each table and day are sampled."""
        parts: list[Figures] = []
        for table in TABLES:
            if self._days[table]:
                parts += self._table_figures(table, size)
        with_header = set(self._days["header"])
        if both := [day for day in self._days["billgen"] if day in with_header]:
            found = _for_days(both, self._headers_alone())
            parts.append(shares(both, "header", "headers_without_billgen", found["hits"], found["of"]))
        for table in PARTY_NAMES:
            if both := [day for day in self._days[table] if day in with_header]:
                found = _for_days(both, self._unnamed_bills(table))
                parts.append(shares(both, table, "unnamed_bills", found["hits"], found["of"]))
        return parts

    def _table_figures(self, table: str, size: int) -> list[Figures]:
        days = self._days[table]
        found = _for_days(days, self._counts(table, size))
        parts = [
            shares(days, table, count.name, found[count.name], found[f"{count.name}_of"])
            if count.of
            else counts(days, table, count.name, found[count.name])
            for count in counts_of(table)
        ]
        if TABLES[table].free_text:
            examples = [rows if isinstance(rows, str) and rows else None for rows in found["personal_rows"]]
            parts.append(counts(days, table, "sampled_personal_texts", found["personal"], examples))
        # A day without rows has nothing to judge, and gets a row without text that says so. A day with rows gets none:
        # if the query has lost its values, they are missed.
        empty = [day for day, rows in zip(days, found[STAGED_ROWS], strict=True) if rows == 0]
        for measure, value in VOCABULARIES.get(table, {}).items():
            found_values = self._vocabulary(table, value)
            parts.append(
                texts(found_values["release_date"], table, measure, found_values["text"], found_values["hits"])
            )
            parts.append(texts(empty, table, measure, [None] * len(empty)))
        sampled = found.loc[found[STAGED_ROWS] > 0, "sampled"].explode()
        parts.append(texts(sampled.index.tolist(), table, "sampled_identifier", sampled.tolist()))
        parts.append(texts(empty, table, "sampled_identifier", [None] * len(empty)))
        return parts

    def _counts(self, table: str, size: int) -> pd.DataFrame:
        """Return for each day the counts, `sampled` identifiers, and how many and which sampled rows are `personal`.

        Which rows are sampled depends on their content only: those with the least hashes.
        """
        layout, wanted = TABLES[table], counts_of(table)
        columns = [f"{count.hits} as {count.name}" for count in wanted]
        columns += [f"{count.of} as {count.name}_of" for count in wanted if count.of]
        values = {name: value for count in wanted for name, value in count.values.items()}
        text = f"left({free_text(layout)}, {SAMPLED_CHARACTERS})" if layout.free_text else "null::varchar"
        personal = masks.left("row.text", party=layout.is_party) if layout.free_text else "false"
        record = f"{{'identifier': identifier::varchar, 'text': {text}}}"
        joined = f"left join {BILLS} using (release_date, identifier)" if table in CHILDREN else ""
        return self._frame(
            f"""
            with counted as (
                select
                    release_date,
                    {", ".join(columns)},
                    arg_min({record}, hash(identifier, {text}), $size) as rows
                from {self._rows(table)}
                {joined}
                group by release_date
            ),

            judged as (
                select
                    * exclude (rows),
                    [row.identifier for row in rows] as sampled,
                    ['identifier ' || row.identifier for row in rows if {personal}] as found
                from counted
            )

            select * exclude (found), len(found) as personal, array_to_string(found, ', ') as personal_rows
            from judged
            """,
            {**self._values(table), **values, "size": size},
        )

    def _vocabulary(self, table: str, value: str) -> pd.DataFrame:
        """Return distinct values of the expression `value`: text, hits; a null text where there is none to judge."""
        return self._frame(
            f"""
            select release_date, left({value}, {SHOWN_CHARACTERS}) as text, count(*) as hits
            from {self._rows(table)}
            group by release_date, text
            qualify row_number() over (partition by release_date order by hits desc, text) <= $shown
            """,
            {**self._values(table), "shown": SHOWN_VALUES},
        )

    def _headers_alone(self) -> pd.DataFrame:
        """Return headers without a billgen row: hits, of."""
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

    def _unnamed_bills(self, table: str) -> pd.DataFrame:
        """Return headers without a named party in `table`: hits, of."""
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
    """Return the columns and types of each Parquet file as one text, in the file's order."""
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
    """Return the rows in quarantine by release day and table."""
    if not paths:
        return {}
    rows = connection.execute(
        f"select release_date::varchar, table_name, count(*) from {_READ} group by all", {"paths": list(paths)}
    ).fetchall()
    return {(day, table): number for day, table, number in rows}


def _for_days(days: list[str], found: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each of `days`; a day without rows counts 0 (`rows_not_staged` judges whether it should)."""
    filled = found.set_index("release_date").reindex(days)
    numbers = filled.select_dtypes("number").columns
    return filled.assign(**filled[numbers].fillna(0))
