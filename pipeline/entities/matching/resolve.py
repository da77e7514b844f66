"""The resolver by evidence: new spellings are compared with all that share a key, and grouped anew where they land."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.entities import registry
from pipeline.entities.matching import groups, override_tables
from pipeline.entities.matching.decide import decide
from pipeline.entities.matching.index import COLUMNS, Index
from pipeline.entities.overrides.file import Overrides, load_overrides
from pipeline.entities.processed_releases import read_processed
from pipeline.settings import Settings
from pipeline.warehouse.connection import WarehouseError, engine, scratch, take_up

MODEL: Final = "m1"
"""Changes with the words, the points or the joining: a decision of one model is not explained by another."""
PLACES: Final = "places"
"""Table of a batch that keeps what the columns behind the address said, so that a spelling can be read again."""


@dataclass(frozen=True)
class Resolution:
    """Rows that are new or changed, and what changed in numbers (see `night.Resolved`)."""

    decisions: pa.Table
    entities: pa.Table
    counts: Mapping[str, int]
    others: Mapping[str, pa.Table] = field(default_factory=dict)
    overridden: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


class Matching:
    """Compares, groups, heeds people, decides."""

    model: str = MODEL

    def __init__(self, model: str = MODEL) -> None:
        """Take the name under which decisions are kept; another one decides everything anew."""
        self.model = model

    def __call__(self, settings: Settings, new: pa.Table) -> Resolution:
        """Decide on `new`, and anew on what it joins and what people said something of.

        Args:
            settings: whose registry, overrides and working file.
            new: spellings that no batch has decided, in the columns of `spellings.SPELLING_SCHEMA`.

        Raises:
            OverridesError: the file of the overrides cannot be used; nothing is decided then.
        """
        last = next(reversed(read_processed(settings)), None)
        with _index(settings, self.model) as index:
            index.add(new)
            connection = index.connection
            overrides = load_overrides(settings, _known(settings, index)) if settings.overrides else Overrides()
            warnings = override_tables.lay_out(index, overrides, last.overridden if last else ())
            take_up(connection, "given_new", new.select(["spelling_id"]))
            connection.execute(
                "create or replace temp table came as select spelling_id from spelling"
                if last and last.model != self.model
                else "create or replace temp table came as select spelling_id from given_new "
                "union select spelling_id from decreed"
            )
            take_up(connection, "wanted", groups.touched_groups(index, "came"))
            connection.execute(f"""
                create or replace temp table nameless as
                select spelling_id from spelling semi join came using (spelling_id) where signature is null;
                create or replace temp table known_decision as
                select * from {registry.rows_sql(settings, registry.DECISIONS)} as known
                where
                    spelling_id in (select spelling_id from placed semi join wanted using (node))
                    or spelling_id in (select spelling_id from nameless)
            """)
            decisions, entities, counts = decide(index, registry.rows_sql(settings, registry.ENTITIES))
            named = connection.execute("select spelling_id from decreed where words is not null order by 1").fetchall()
        return Resolution(
            decisions,
            entities,
            counts,
            {PLACES: new.select(["spelling_id", "city", "zip", "country_code"])},
            tuple(spelling for (spelling,) in named),
            (*overrides.warnings, *warnings),
        )


def entities_of(spellings: pa.Table) -> pa.Table:
    """Group a whole set from scratch, in memory: columns `spelling_id`, `entity_id` (null where nobody is named).

    Args:
        spellings: columns `index.COLUMNS`.
    """
    with closing(scratch()) as connection:
        index = Index(connection)
        index.add(spellings)
        take_up(connection, "grouped", groups.all_groups(index))
        return connection.execute(
            "select spelling_id, cast(head as varchar) as entity_id "
            "from spelling left join grouped on spelling.signature = grouped.node order by spelling_id"
        ).to_arrow_table()


def working_path(settings: Settings, model: str = MODEL) -> Path:
    """The working file of a home: a projection of the registry, made anew when it is lost."""
    return settings.home / "parties" / f"index-{model}.duckdb"


@contextmanager
def _index(settings: Settings, model: str) -> Iterator[Index]:
    """The working file, holding every spelling of the registry; made anew where it does not."""
    path = working_path(settings, model)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = engine(settings, path)
    except WarehouseError:
        if not _is_damaged(path):
            raise
        path.unlink()
        connection = engine(settings, path)
    with closing(connection):
        connection.execute("set enable_progress_bar = false")
        index = Index(connection)
        index.add(_missing(settings, connection))
        yield index


def _is_damaged(path: Path) -> bool:
    """Whether the file is no DuckDB file, rather than one that another process holds."""
    with path.open("rb") as file:
        return b"DUCK" not in file.read(16)


def _missing(settings: Settings, connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Spellings of the registry that the working file does not hold."""
    batches = [batch for batch in registry.read_batches(settings) if PLACES in batch.files]
    if not batches:
        return connection.execute(f"select {', '.join(COLUMNS)} from spelling where false").to_arrow_table()
    places = f"select * from {registry.table_sql(settings, PLACES)}"
    return connection.execute(f"""
        select {", ".join(f"known.{name}" if name not in ("city", "zip", "country_code") else name for name in COLUMNS)}
        from {registry.rows_sql(settings, registry.DECISIONS)} as known
        anti join spelling using (spelling_id)
        left join ({places}) as places using (spelling_id)
    """).to_arrow_table()


def _known(settings: Settings, index: Index) -> pa.Table:
    """Every spelling with the entity that holds it, null where it is new: what people's lines are resolved against."""
    return index.connection.execute(f"""
        select spelling_id, spelling.party_kind, spelling.raw_name, spelling.raw_address, known.entity_id,
            spelling.first_run_date
        from spelling
        left join {registry.rows_sql(settings, registry.DECISIONS)} as known using (spelling_id)
    """).to_arrow_table()
