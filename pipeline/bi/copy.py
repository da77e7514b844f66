"""Write the published tables to one DuckDB file and to Parquet, and verify both against the warehouse."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from pipeline.bi.tables import META_PUBLISH, Described
from pipeline.bi.versions import FILE_NAME, BiError, Content, Version, parquet_file
from pipeline.warehouse.connection import attach

OLDEST_READER: Final = "v1.0.0"
"""Drivers of BI tools lag behind: a file in this form opens in DuckDB 1.0.0 to 2.0.0 (`make drivers`)."""
ROW_GROUP: Final = 122_880
"""Rows that a Parquet reader reads or skips at once: as many as DuckDB's own row groups."""
REUSE_FROM: Final = 0.5
"""Share of rows in unchanged tables from which the last version's file is copied and its changed tables are replaced;
below it everything is written again, which leaves no holes in the file."""


@dataclass(frozen=True)
class Source:
    """One table to be copied.

    Attributes:
        described: name, comments and order of rows.
        relation: what is read, as SQL.
        types: its columns in order, with their types.
        content: rows, hash and shape of `relation`.
    """

    described: Described
    relation: str
    types: Mapping[str, str]
    content: Content

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection, described: Described, relation: str) -> Source:
        """Describe and measure `relation`."""
        found = connection.execute(f"describe select * from {relation}").fetchall()
        types = {row[0]: row[1] for row in found}
        parts = [list(types.items()), described.description, dict(described.columns), described.sorted_by]
        shape = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
        return cls(described, relation, types, Content(*measure(connection, relation, types), shape))

    @property
    def name(self) -> str:
        """Of the table in the copy."""
        return self.described.name


def measure(connection: duckdb.DuckDBPyConnection, relation: str, columns: Mapping[str, str]) -> tuple[int, str]:
    """Rows of a relation and the sum of their hashes: the same for the same rows in any order.

    The hash is the engine's own, equal in one version of DuckDB only: it is never compared with that of a driver.
    """
    listed = ", ".join(quoted(name) for name in columns)
    rows, digest = connection.execute(f"select count(*), sum(hash({listed})) from {relation}").fetchone() or (0, None)
    return rows, str(digest or 0)


def write_copy(
    connection: duckdb.DuckDBPyConnection, folder: Path, sources: Sequence[Source], before: Version | None
) -> None:
    """Write `sources` into the empty `folder`: a DuckDB file, and a Parquet file for each table.

    What has not changed since the version `before` is reused; `meta_publish` has the time of the copy and always has.
    """
    known = before.tables if before else {}
    same = {item.name for item in sources if known.get(item.name) == item.content} - {META_PUBLISH.name}
    rows = sum(item.content.rows for item in sources)
    reused: set[str] = set()
    if before and sum(item.content.rows for item in sources if item.name in same) >= rows * REUSE_FROM:
        shutil.copyfile(before.file, folder / FILE_NAME)
        reused = same
    attach(connection, folder / FILE_NAME, "bi", read_only=False, storage_version=OLDEST_READER)
    try:
        copied = connection.execute("select table_name from duckdb_tables() where database_name = 'bi'").fetchall()
        for (name,) in copied:
            if name not in reused:
                connection.execute(f"drop table bi.main.{quoted(name)}")
        for item in sources:
            if item.name not in reused:
                _write_table(connection, item)
            path = parquet_file(folder, item.name)
            path.parent.mkdir(parents=True)
            if before and item.name in same and before.parquet(item.name).exists():
                os.link(before.parquet(item.name), path)
            else:
                _write_parquet(connection, item.name, path)
        connection.execute("checkpoint bi")
    finally:
        connection.execute("detach bi")


def verify_copy(connection: duckdb.DuckDBPyConnection, folder: Path, sources: Sequence[Source]) -> None:
    """Read back what `write_copy` wrote and compare it with the warehouse by rows and hash.

    Raises:
        BiError: a table is missing, does not belong there, or has other rows.
    """
    if (folder / f"{FILE_NAME}.wal").exists():
        raise BiError("the BI file was not closed in full: a log is beside it")
    attach(connection, folder / FILE_NAME, "bi")
    try:
        found = connection.execute(
            "select table_name, table_type from information_schema.tables where table_catalog = 'bi'"
        ).fetchall()
        if sorted(found) != sorted((item.name, "BASE TABLE") for item in sources):
            names = sorted(item.name for item in sources)
            raise BiError(f"the BI file has {sorted(found)}, expected are the tables {names}")
        for item in sources:
            parquet = f"read_parquet({_text(str(parquet_file(folder, item.name)))})"
            for relation, form in ((f"bi.main.{quoted(item.name)}", "file"), (parquet, "Parquet")):
                rows, digest = measure(connection, relation, item.types)
                expected = item.content
                if (rows, digest) != (expected.rows, expected.digest):
                    raise BiError(
                        f"the BI {form} differs from the warehouse in {item.name}: {rows:,} rows with hash {digest}, "
                        f"expected are {expected.rows:,} rows with hash {expected.digest}"
                    )
    finally:
        connection.execute("detach bi")


def quoted(name: str) -> str:
    """An identifier for SQL."""
    return '"' + name.replace('"', '""') + '"'


def _write_table(connection: duckdb.DuckDBPyConnection, item: Source) -> None:
    table = f"bi.main.{quoted(item.name)}"
    columns = ", ".join(quoted(name) for name in item.types)
    order = ", ".join(quoted(name) for name in item.described.sorted_by)
    sorting = f" order by {order}" if item.described.sorted_by else ""
    connection.execute(f"create table {table} as select {columns} from {item.relation}{sorting}")
    connection.execute(f"comment on table {table} is {_text(item.described.description)}")
    for column, meaning in item.described.columns.items():
        if column in item.types:
            connection.execute(f"comment on column {table}.{quoted(column)} is {_text(meaning)}")


def _write_parquet(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    # Snappy, though zstd is smaller: every reader of Parquet knows it.
    options = f"format parquet, compression snappy, row_group_size {ROW_GROUP}"
    connection.execute(f"copy bi.main.{quoted(name)} to {_text(str(path))} ({options})")


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
