"""Views over the files below a home, one for each dbt source: models read them with plain `source()`.

`meta.files` of a table in the sources' YAML says where its files are; before the first one its view is empty and typed.
"""

from __future__ import annotations

import glob
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import duckdb
import yaml  # type: ignore[import-untyped]

from pipeline.project_files import DBT_PROJECT
from pipeline.settings import Settings
from pipeline.warehouse.connection import engine
from pipeline.warehouse.renamed_columns import RENAMED

JOURNAL: Final = ".jsonl"
"""Ending of a journal; all other files are Parquet."""


@dataclass(frozen=True)
class SourceTable:
    """One table of a dbt source.

    Attributes:
        schema: schema of the view.
        name: its name.
        files: pattern below the home.
        columns: type of each declared column.
        partition: column and type that a folder `<column>=<value>` gives; filters on it spare opening files.
        from_path: regular expression by column that is read from the path of a file.
        paths_only: whether a file is one row, of what its path says; it is not opened.
        renamed: former name by column, under which older files have it.
    """

    schema: str
    name: str
    files: str
    columns: Mapping[str, str]
    partition: Mapping[str, str]
    from_path: Mapping[str, str]
    paths_only: bool
    renamed: Mapping[str, str]


def refresh_source_views(settings: Settings, project_dir: Path = DBT_PROJECT) -> None:
    """Create the views of all sources in the warehouse; the caller is its only writer.

    Raises:
        WarehouseError: the warehouse is damaged or in use by another process.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    with closing(engine(settings, settings.warehouse_path)) as connection:
        create_source_views(connection, settings.home, declared_sources(project_dir))


def create_source_views(connection: duckdb.DuckDBPyConnection, home: Path, tables: Sequence[SourceTable]) -> None:
    """Create the views of `tables` in the connection's default catalog.

    A view carries its query as a comment and is left alone where it has not changed: to make one costs a listing of its
    files, 20 ms for the 1,100 days of a raw table.
    """
    for schema in sorted({table.schema for table in tables}):
        connection.execute(f'create schema if not exists "{schema}"')
    made = connection.execute(
        "select schema_name, view_name, comment from duckdb_views() where not internal"
    ).fetchall()
    for table in tables:
        query, view = view_sql(table, home), f'"{table.schema}"."{table.name}"'
        if (table.schema, table.name, query) not in made:
            connection.execute(f"create or replace view {view} as {query}")
            connection.execute(f"comment on view {view} is {_text(query)}")


@lru_cache(maxsize=4)
def declared_sources(project_dir: Path) -> tuple[SourceTable, ...]:
    """Source tables with files, as the project's YAML declares them."""
    documents = [yaml.load(path.read_bytes(), yaml.CSafeLoader) for path in sorted(project_dir.glob("models/**/*.yml"))]
    models = {model["name"]: model for document in documents for model in document.get("models", ())}
    return tuple(
        table for document in documents for source in document.get("sources", ()) for table in _tables(source, models)
    )


def view_sql(table: SourceTable, home: Path) -> str:
    """The query of a view; it finds the files anew whenever it is read."""
    if next(home.glob(table.files), None) is None:
        return _no_rows({**table.columns, **table.partition})
    files = _text(f"{glob.escape(str(home.absolute()))}/{table.files}")
    if table.files.endswith(JOURNAL):
        columns = ", ".join(f"{name}: {_text(type_)}" for name, type_ in table.columns.items())
        return f"from read_json({files}, format = 'newline_delimited', ignore_errors = true, columns = {{{columns}}})"
    if table.partition:
        types = ", ".join(f"{_text(name)}: {type_}" for name, type_ in table.partition.items())
        options = f"hive_partitioning = true, hive_types = {{{types}}}"
        named = {**table.columns, **table.partition}
        if "batch" in table.partition:
            # few files, and batches of an earlier version lack the newest columns
            rows = f"from read_parquet({files}, {options}, union_by_name = true) union all by name ({_no_rows(named)})"
            return f"select {', '.join(named)} from ({rows})"
        return f"select {', '.join(named)} from read_parquet({files}, {options}, union_by_name = false)"
    rows = f"select file as filename from glob({files})" if table.paths_only else _parquet_rows(table, files)
    columns = ", ".join(f"cast({_value(table, name)} as {type_}) as {name}" for name, type_ in table.columns.items())
    return f"select {columns} from ({rows})"


def _parquet_rows(table: SourceTable, files: str) -> str:
    # columns that no file has are null: a week frozen by an earlier version lacks the newest ones
    stored = {name: type_ for name, type_ in table.columns.items() if name not in table.from_path}
    stored |= {earlier: table.columns[name] for name, earlier in table.renamed.items()}
    options = "filename = true, union_by_name = true, hive_partitioning = false"
    return f"from read_parquet({files}, {options}) union all by name ({_no_rows(stored)})"


def _value(table: SourceTable, column: str) -> str:
    if column in table.from_path:
        return f"regexp_extract(filename, {_text(table.from_path[column])}, 1)"
    if column in table.renamed:
        return f"coalesce({column}, {table.renamed[column]})"
    return column


def _no_rows(types: Mapping[str, str]) -> str:
    return f"select {', '.join(f'cast(null as {type_}) as {name}' for name, type_ in types.items())} where false"


def _tables(source: Mapping[str, Any], models: Mapping[str, Mapping[str, Any]]) -> Iterator[SourceTable]:
    for table in source["tables"]:
        meta = {**source.get("meta", {}), **table.get("meta", {})}
        if "files" not in meta:
            continue
        described = table.get("columns") or models[meta["columns_of"]]["columns"]
        yield SourceTable(
            schema=source.get("schema", source["name"]),
            name=table.get("identifier", table["name"]),
            files=meta["files"].format(table=table["name"]),
            columns={column["name"]: column["data_type"] for column in described},
            partition={} if meta.get("paths_only") else meta.get("partition", {}),
            from_path=meta.get("from_path", {}),
            paths_only=meta.get("paths_only", False),
            renamed={new: column.old for new, column in RENAMED.get(table["name"], {}).items()},
        )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
