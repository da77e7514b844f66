"""Write the published tables to one DuckDB file and to Parquet, and verify both against the warehouse."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from pipeline.bi.freshness import META_PUBLISH
from pipeline.bi.tables import Described
from pipeline.bi.versions import FILE_NAME, BiError, Content, Version, parquet_file
from pipeline.warehouse.connection import attach

OLDEST_READER: Final = "v1.0.0"
"""Drivers of BI tools lag behind: what is written in this form opens in DuckDB 1.0.0 to 2.0.0 (`make drivers`)."""
ROW_GROUP: Final = 122_880
"""Rows that a Parquet reader takes or passes over at once: as many as DuckDB's own row groups."""
TAKE_OVER_FROM: Final = 0.5
"""Share of rows in unchanged tables from which the last version's file is copied and the changed tables are replaced
in it; below it all is written anew, which leaves no holes in the file."""


@dataclass(frozen=True)
class Source:
    """One table to be copied.

    Attributes:
        described: name, comments and order of rows.
        relation: what is read, as SQL.
        types: its columns in order, with their types.
    """

    described: Described
    relation: str
    types: Mapping[str, str]

    @property
    def name(self) -> str:
        """Of the table in the copy."""
        return self.described.name

    def shape(self) -> str:
        """Digest of all but the rows."""
        told = [list(self.types.items()), self.described.description, dict(self.described.columns)]
        return hashlib.sha256(json.dumps([*told, self.described.asked_by]).encode()).hexdigest()[:16]


def column_types(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    """The columns of a relation in order, with their types."""
    return {row[0]: row[1] for row in connection.execute(f"describe select * from {relation}").fetchall()}


def measure(connection: duckdb.DuckDBPyConnection, relation: str, columns: Mapping[str, str]) -> tuple[int, str]:
    """Rows of a relation and the sum of their hashes.

    The sum is equal for the same rows in any order, and another one where a row is lost, doubled or changed. It is the
    engine's own hash: equal in one version of DuckDB only, so it is never compared with that of a driver.
    """
    listed = ", ".join(quoted(name) for name in columns)
    rows, digest = connection.execute(f"select count(*), sum(hash({listed})) from {relation}").fetchone() or (0, None)
    return rows, str(digest or 0)


def write_copy(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    sources: Mapping[str, Source],
    contents: Mapping[str, Content],
    before: Version | None,
) -> set[str]:
    """Write `sources` into `folder`: a DuckDB file, and a Parquet file for each table.

    Args:
        connection: an engine that reads the sources.
        folder: empty.
        sources: the tables by name.
        contents: what each holds, to see which are unchanged since `before`.
        before: a version to take unchanged tables over from; not the one that carries the clock of the copy.

    Returns:
        The tables whose Parquet file is one of `before`, under a second name.
    """
    unchanged = {name for name in sources if before is not None and before.tables.get(name) == contents[name]}
    same = unchanged - {META_PUBLISH.name}
    taken: set[str] = set()
    linked: set[str] = set()
    rows = sum(content.rows for content in contents.values())
    if before is not None and sum(contents[name].rows for name in same) >= rows * TAKE_OVER_FROM:
        shutil.copyfile(before.file, folder / FILE_NAME)
        taken = same
    attach(connection, folder / FILE_NAME, "bi", read_only=False, storage_version=OLDEST_READER)
    try:
        for (stale,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'bi'"
        ).fetchall():
            if stale not in taken:
                connection.execute(f"drop table bi.main.{quoted(stale)}")
        for name, source in sources.items():
            if name not in taken:
                _write_table(connection, source)
            path = parquet_file(folder, name)
            path.parent.mkdir(parents=True)
            if name in same and before is not None and before.parquet(name).exists():
                os.link(before.parquet(name), path)
                linked.add(name)
            else:
                _write_parquet(connection, name, path)
        connection.execute("checkpoint bi")
    finally:
        connection.execute("detach bi")
    return linked


def prove_copy(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    sources: Mapping[str, Source],
    measured: Mapping[str, tuple[int, str]],
    linked: Collection[str],
) -> None:
    """Read back what was written and compare it with what was measured in the warehouse.

    Args:
        connection: an engine.
        folder: what `write_copy` filled.
        sources: the tables by name.
        measured: rows and hash of each in the warehouse.
        linked: tables whose Parquet file was proven with the version that it was written for.

    Raises:
        BiError: a table is missing, is none of ours, or holds other rows.
    """
    if (folder / f"{FILE_NAME}.wal").exists():
        raise BiError("the BI file was not closed in full: a log lies beside it")
    attach(connection, folder / FILE_NAME, "bi")
    try:
        found = connection.execute(
            "select table_name, table_type from information_schema.tables where table_catalog = 'bi'"
        ).fetchall()
        if sorted(found) != sorted((name, "BASE TABLE") for name in sources):
            raise BiError(f"the BI file holds {sorted(found)}, expected are the tables {sorted(sources)}")
        for name, source in sources.items():
            path = str(parquet_file(folder, name)).replace("'", "''")
            for relation, what in ((f"bi.main.{quoted(name)}", "file"), (f"read_parquet('{path}')", "Parquet")):
                if what == "Parquet" and name in linked:
                    continue
                copied = measure(connection, relation, source.types)
                if copied != measured[name]:
                    raise BiError(
                        f"the BI {what} differs from the warehouse in {name}: {copied[0]:,} rows with hash "
                        f"{copied[1]}, expected are {measured[name][0]:,} rows with hash {measured[name][1]}"
                    )
    finally:
        connection.execute("detach bi")


def quoted(name: str) -> str:
    """An identifier for SQL."""
    return '"' + name.replace('"', '""') + '"'


def _write_table(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    table = f"bi.main.{quoted(source.name)}"
    columns = ", ".join(quoted(name) for name in source.types)
    order = ", ".join(quoted(name) for name in source.described.asked_by)
    sorting = f" order by {order}" if order else ""
    connection.execute(f"create table {table} as select {columns} from {source.relation}{sorting}")
    connection.execute(f"comment on table {table} is {_text(source.described.description)}")
    for column, meaning in source.described.columns.items():
        if column in source.types:
            connection.execute(f"comment on column {table}.{quoted(column)} is {_text(meaning)}")


def _write_parquet(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    # Snappy, though zstd is smaller: every reader of Parquet knows it.
    options = f"format parquet, compression snappy, row_group_size {ROW_GROUP}"
    connection.execute(f"copy bi.main.{quoted(name)} to {_text(str(path))} ({options})")


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
