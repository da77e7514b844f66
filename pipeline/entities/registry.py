"""The registry of parties: every decision ever made on a name variant, in batches that are only ever added.

    state/parties/batch=000001/decisions.parquet   the name variants that this batch decided, new or again
    state/parties/batch=000001/entities.parquet    the entities that it created or changed
    state/parties/batch=000001/<other>.parquet     what the resolver needs again in its next batch
    state/parties/batch=000001/batch.json          what the batch was made of, and each file's size and checksum

The newest row of a name variant, or of an entity, counts. As of an older batch, the newest row up to it counts, and
what was first decided later appears as it was first decided. A batch exists whole or not at all; one that changes
nothing is not written. No clock is read, so that the same releases give the same registry.
"""

from __future__ import annotations

import glob
import json
import shutil
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from pipeline.entities.rules import broken_rules
from pipeline.errors import PipelineError
from pipeline.settings import Settings
from pipeline.state.files import force, sha256_of
from pipeline.state.party_batches import batch_dir, batch_numbers, batches_dir
from pipeline.warehouse.connection import create_temp_table, engine

BATCH_NAME: Final = "batch.json"
PARTIAL_NAME: Final = ".partial"
DECISIONS: Final = "decisions"
ENTITIES: Final = "entities"
DECISION_SCHEMA: Final = pa.schema(
    [
        ("spelling_id", pa.int64()),
        ("party_kind", pa.string()),
        ("raw_name", pa.string()),
        ("raw_address", pa.string()),
        ("first_run_date", pa.date32()),
        ("clean_name", pa.string()),
        ("is_order", pa.bool_()),
        ("role", pa.string()),
        ("entity_id", pa.string()),
        ("method", pa.string()),
        ("score", pa.float64()),
        ("reasons", pa.string()),
        ("other_party", pa.string()),
        ("country_code", pa.string()),
        ("country_source", pa.string()),
        ("state", pa.string()),
        ("city", pa.string()),
        ("city_source", pa.string()),
        ("er_version", pa.string()),
        ("decided_at", pa.timestamp("us")),
    ]
)
ENTITY_SCHEMA: Final = pa.schema(
    [
        ("entity_id", pa.string()),
        ("party_kind", pa.string()),
        ("entity_name", pa.string()),
        ("role", pa.string()),
        ("group_id", pa.string()),
        ("confidence", pa.float64()),
        ("status", pa.string()),
        ("merged_into", pa.string()),
        ("split_from", pa.string()),
        ("reason", pa.string()),
        ("er_version", pa.string()),
    ]
)
KEYS: Final = {DECISIONS: ("spelling_id", DECISION_SCHEMA), ENTITIES: ("entity_id", ENTITY_SCHEMA)}
STAMPED: Final = ("er_version", "decided_at")
"""Columns that the registry fills when it writes a batch."""
SQL_TYPES: Final = {
    pa.int64(): "bigint",
    pa.string(): "varchar",
    pa.date32(): "date",
    pa.bool_(): "boolean",
    pa.float64(): "double",
    pa.timestamp("us"): "timestamp",
}
RESTORE: Final = (
    "Restore state/parties from a backup. Without one, run `leverage rebuild`: it moves the folder aside and decides "
    "every name variant again; ids may differ from those published"
)


class RegistryError(PipelineError):
    """The registry is damaged, or a batch is unknown or breaks a rule; the message says where and what to do."""


@dataclass(frozen=True)
class Batch:
    """The description of one batch.

    Attributes:
        number: 1, 2, ... without gaps.
        model: the rules that decided, such as `m1`.
        er_version: model and number, such as `m1-000001`; a column of each of its rows.
        decided_at: newest run date in the registry up to this batch; None before the first.
        release_days: raw version of each release day that was resolved.
        overrides_sha256: of the overrides in force, None where there were none.
        counts: what changed, in numbers.
        files: name, rows, bytes and sha256 of each of its tables.
    """

    number: int
    model: str
    er_version: str
    decided_at: date | None
    release_days: dict[date, str]
    overrides_sha256: str | None
    counts: dict[str, int]
    files: dict[str, dict[str, Any]] = field(default_factory=dict)


def read_batches(settings: Settings, *, checksums: bool = False) -> list[Batch]:
    """Return all batches in order, after a check that all their files are there.

    Args:
        settings: whose registry.
        checksums: also read every file and compare its checksum.

    Raises:
        RegistryError: a batch is missing, incomplete, or not as it was written.
    """
    numbers = batch_numbers(settings)
    if numbers != list(range(1, len(numbers) + 1)):
        gap = next(wanted for wanted, number in enumerate(numbers, 1) if wanted != number)
        raise RegistryError(f"{batch_dir(settings, gap)} is missing, but later batches are there. {RESTORE}.")
    return [_read_batch(batch_dir(settings, number), number, checksums=checksums) for number in numbers]


def batch_number(settings: Settings, er_version: str) -> int:
    """Return the number of the batch with this `er_version`.

    Raises:
        RegistryError: there is none.
    """
    known = {batch.er_version: batch.number for batch in read_batches(settings)}
    if er_version not in known:
        there = f"{min(known)} to {max(known)}" if known else "none yet"
        raise RegistryError(f"er_version {er_version!r} is unknown; the registry has {there}")
    return known[er_version]


def write_batch(
    settings: Settings,
    decisions: pa.Table,
    entities: pa.Table,
    *,
    model: str,
    release_days: Mapping[date, str],
    overrides_sha256: str | None = None,
    counts: Mapping[str, int] | None = None,
    others: Mapping[str, pa.Table] | None = None,
) -> Batch | None:
    """Add a batch, whole, and force it to disk.

    Args:
        settings: whose registry.
        decisions: rows that are new or changed, in the columns of `DECISION_SCHEMA`; `STAMPED` may be left out.
        entities: likewise, in the columns of `ENTITY_SCHEMA`.
        model: the rules that decided.
        release_days: raw version of each release day that was resolved.
        overrides_sha256: of the overrides in force.
        counts: what changed, in numbers.
        others: further tables that the resolver stores with the batch, by name.

    Returns:
        The batch; None when there was nothing to write.

    Raises:
        RegistryError: an earlier batch is damaged, or the rows break one of `rules.RULES`.
    """
    if not decisions.num_rows and not entities.num_rows:
        return None
    before = read_batches(settings)
    number = len(before) + 1
    er_version = f"{model}-{number:06d}"
    decided_at = _newest([*(batch.decided_at for batch in before[-1:]), pc.max(decisions["first_run_date"]).as_py()])
    stamp = {
        "er_version": er_version,
        "decided_at": None if decided_at is None else datetime.combine(decided_at, datetime.min.time()),
    }
    tables = {
        DECISIONS: _stamped(decisions, DECISION_SCHEMA, stamp),
        ENTITIES: _stamped(entities, ENTITY_SCHEMA, stamp),
        **(others or {}),
    }
    with closing(engine(settings)) as connection:
        create_temp_table(connection, "decided", tables[DECISIONS])
        create_temp_table(connection, "changed", tables[ENTITIES])
        broken = broken_rules(connection, rows_sql(settings, DECISIONS), rows_sql(settings, ENTITIES))
    if broken:
        raise RegistryError(f"batch {er_version} breaks a rule and was not written: {'; '.join(broken)}")
    batch = Batch(number, model, er_version, decided_at, dict(release_days), overrides_sha256, dict(counts or {}))
    return _commit(settings, batch, tables)


def rows_sql(settings: Settings, name: str, as_of: int | None = None) -> str:
    """Return a DuckDB query, in brackets, for the current rows of `decisions` or `entities`, with their `batch`.

    Args:
        settings: whose registry.
        name: `DECISIONS` or `ENTITIES`.
        as_of: number of a batch; None for the newest.
    """
    key, schema = KEYS[name]
    if not batch_numbers(settings):
        columns = ", ".join(f"cast(null as {SQL_TYPES[item.type]}) as {item.name}" for item in schema)
        return f"(select {columns}, cast(null as bigint) as batch where false)"
    newest = "max(batch)" if as_of is None else f"coalesce(max(batch) filter (batch <= {as_of:d}), min(batch))"
    rows = table_sql(settings, name)
    return (
        f"(select decided.* from {rows} as decided "
        f"inner join (select {key}, {newest} as batch from {rows} group by {key}) as newest "
        f"on decided.{key} = newest.{key} and decided.batch = newest.batch)"
    )


def table_sql(settings: Settings, name: str) -> str:
    """Return a DuckDB table function for a table of all batches, with their `batch`; at least one must have it."""
    files = f"{glob.escape(str(batches_dir(settings)))}/batch=*/{name}.parquet".replace("'", "''")
    return f"read_parquet('{files}', hive_partitioning = true, union_by_name = true, hive_types = {{'batch': bigint}})"


def read_decisions(settings: Settings, as_of: int | None = None) -> pa.Table:
    """Return the current decision on each name variant, as of a batch or the newest."""
    columns = ", ".join(DECISION_SCHEMA.names)
    rows = rows_sql(settings, DECISIONS, as_of)
    with closing(engine(settings)) as connection:
        found = connection.execute(f"select {columns} from {rows} order by {DECISION_SCHEMA.names[0]}")
        return found.to_arrow_table().cast(DECISION_SCHEMA)


def _read_batch(folder: Path, number: int, *, checksums: bool) -> Batch:
    try:
        document = json.loads((folder / BATCH_NAME).read_bytes())
        days = {date.fromisoformat(day): version for day, version in document["release_days"].items()}
        decided_at = date.fromisoformat(document["decided_at"]) if document["decided_at"] else None
        batch = Batch(**{**document, "release_days": days, "decided_at": decided_at})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RegistryError(
            f"{folder / BATCH_NAME} cannot be read ({error}): the batch is damaged. {RESTORE}."
        ) from error
    if batch.number != number:
        raise RegistryError(f"{folder} contains batch {batch.number}: it was moved or copied. {RESTORE}.")
    for name, written in batch.files.items():
        path = folder / f"{name}.parquet"
        size = path.stat().st_size if path.is_file() else None
        if size != written["bytes"] or (checksums and sha256_of(path) != written["sha256"]):
            seen = f"{size or 0:,} of {written['bytes']:,} bytes" if size != written["bytes"] else "another checksum"
            found = "is missing" if size is None else f"is not as it was written ({seen})"
            raise RegistryError(f"{path} {found}: the batch is damaged. {RESTORE}.")
    return batch


def _commit(settings: Settings, batch: Batch, tables: Mapping[str, pa.Table]) -> Batch:
    """Write the files beside the batches, force them to disk, and rename their folder."""
    partial = batches_dir(settings) / PARTIAL_NAME
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for name, table in tables.items():
        path = partial / f"{name}.parquet"
        pq.write_table(table, path, compression="zstd")
        batch.files[name] = {"rows": table.num_rows, "bytes": path.stat().st_size, "sha256": sha256_of(path)}
        force(path)
    document = {
        **vars(batch),
        "decided_at": batch.decided_at and batch.decided_at.isoformat(),
        "release_days": {day.isoformat(): version for day, version in sorted(batch.release_days.items())},
    }
    (partial / BATCH_NAME).write_text(json.dumps(document, indent=1), encoding="utf-8")
    force(partial / BATCH_NAME)
    force(partial)
    partial.rename(batch_dir(settings, batch.number))
    force(batches_dir(settings))
    return batch


def _stamped(table: pa.Table, schema: pa.Schema, stamp: Mapping[str, Any]) -> pa.Table:
    columns = {item.name: table[item.name] for item in schema if item.name not in STAMPED}
    columns |= {
        item.name: pa.array([stamp[item.name]] * table.num_rows, item.type) for item in schema if item.name in STAMPED
    }
    return pa.table(columns).select(schema.names).cast(schema)


def _newest(days: list[date | None]) -> date | None:
    return max((day for day in days if day is not None), default=None)
