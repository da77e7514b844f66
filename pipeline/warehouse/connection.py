"""The only opener of DuckDB files and engines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb

from pipeline.errors import PipelineError
from pipeline.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]


LAYERS: Final = ("marts", "published", "snapshot", "intermediate", "staging", "seeds", "main")
"""Schemas whose tables are read by their bare names, which are unique; `main` is that of a file without layers."""


class WarehouseError(PipelineError):
    """The warehouse file cannot be used; the message says the way back."""


class WarehouseBusyError(WarehouseError):
    """Another process has the warehouse file open; a later try may succeed."""


def engine(settings: Settings, path: Path | None = None, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open `path` (or an in-memory engine) with the limits of the settings.

    Raises:
        WarehouseError: the file is locked by another process, or damaged.
    """
    config: dict[str, str | bool | int | float | list[str]] = {"preserve_insertion_order": "true"}
    if settings.threads:
        config["threads"] = settings.threads
    if settings.memory_limit:
        config["memory_limit"] = settings.memory_limit
    try:
        connection = duckdb.connect(str(path) if path else ":memory:", read_only=read_only, config=config)
    except duckdb.Error as error:
        raise (WarehouseBusyError if is_locked(error) else WarehouseError)(explain_open_error(path, error)) from error
    connection.execute("set enable_progress_bar = false")
    if path:
        _search_layers(connection)
    return connection


def find_table(connection: duckdb.DuckDBPyConnection, name: str) -> str | None:
    """Full name of the table `name` of the opened file, quoted; None where no layer has it."""
    found = connection.execute(
        "select table_catalog, table_schema from information_schema.tables where table_catalog = current_database() "
        "and list_contains($1, table_schema) and table_name = $2 order by list_position($1, table_schema)",
        [list(LAYERS), name],
    ).fetchone()
    return f'"{found[0]}"."{found[1]}"."{name}"' if found else None


def _search_layers(connection: duckdb.DuckDBPyConnection) -> None:
    made = connection.execute(
        "select schema_name from information_schema.schemata where catalog_name = current_database()"
    ).fetchall()
    connection.execute("set search_path = $1", [",".join(layer for layer in LAYERS if (layer,) in made)])


def create_temp_table(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    """Create or replace a temporary table with the rows of `table`.

    A scan of a registered Arrow table fails on some filters that joins push into it, from some number of rows on.
    """
    connection.register(f"{name}_given", table)
    connection.execute(f'create or replace temp table "{name}" as select * from "{name}_given"')
    connection.unregister(f"{name}_given")


def append(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Insert `rows` into a table that has the same columns in the same order."""
    connection.register("rows_given", rows)
    connection.execute(f'insert into "{name}" select * from rows_given')
    connection.unregister("rows_given")


def attach(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    *,
    read_only: bool = True,
    storage_version: str | None = None,
) -> None:
    """Attach a second file to `connection` under `name`.

    Args:
        connection: an engine; it may have been opened read-only.
        path: the file; created when it is absent and `read_only` is false.
        name: a constant.
        read_only: whether it is only read.
        storage_version: oldest DuckDB that must be able to read the file, such as `v1.0.0`; None is the engine's own.
    """
    options = ["READ_ONLY" if read_only else "READ_WRITE"]
    options += [f"STORAGE_VERSION '{storage_version}'"] if storage_version else []
    quoted = str(path).replace("'", "''")
    connection.execute(f"attach '{quoted}' as \"{name}\" ({', '.join(options)})")


def scratch() -> duckdb.DuckDBPyConnection:
    """An engine in memory without limits of the settings, for small work."""
    connection = duckdb.connect()
    connection.execute("set enable_progress_bar = false")
    return connection


def is_locked(error: Exception) -> bool:
    """Whether a file did not open because another process has it open."""
    return "lock" in str(error).splitlines()[0].lower()


def explain_open_error(path: Path | None, error: Exception) -> str:
    """Message that says why `path` did not open, and what to do."""
    text = str(error).splitlines()[0]
    if is_locked(error):
        return f"{path} is in use by another process. Wait for that run to end (or stop it), then run again. ({text})"
    return (
        f"{path} cannot be opened: {text}. It is a projection of raw and state: move it away and run "
        "`leverage rebuild` to build it anew; nothing is lost."
    )


@contextmanager
def warehouse(settings: Settings, *, read_only: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the private warehouse file, closed at the end of the block.

    Raises:
        WarehouseError: the file does not exist yet, is locked by another process, or damaged.
    """
    if read_only and not settings.warehouse_path.exists():
        raise WarehouseError(f"{settings.warehouse_path} does not exist: run `leverage run` or `leverage backfill`.")
    connection = engine(settings, settings.warehouse_path, read_only=read_only)
    try:
        yield connection
    finally:
        connection.close()
