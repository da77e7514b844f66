"""The resolver: new name variants are compared with all that share a key, and what they connect is grouped again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.entities import registry
from pipeline.entities.matching.cluster import affected_groups, all_groups
from pipeline.entities.matching.decide import decide
from pipeline.entities.matching.index import COLUMNS, Index
from pipeline.entities.matching.override_tables import create_override_tables
from pipeline.entities.night import Resolution
from pipeline.entities.overrides.load import Overrides, load_overrides
from pipeline.entities.processed_releases import read_processed
from pipeline.settings import Settings
from pipeline.warehouse.connection import WarehouseError, create_temp_table, engine, scratch

MODEL: Final = "m6"
"""Changes with the word lists, the points or the clustering: a decision of one model is not explained by another."""
PLACES: Final = "places"
PLACE_COLUMNS: Final = ("city", "zip", "country_code", "state")
"""Table of a batch with the columns behind the address, so that a name variant can be parsed again."""


class Matching:
    """Compares, clusters, applies overrides and decides."""

    def __init__(self, model: str = MODEL) -> None:
        """`model`: the name under which decisions are stored; another one decides everything again."""
        self.model = model

    def __call__(self, settings: Settings, new: pa.Table) -> Resolution:
        """Decide on `new`, and again on what it is connected with and what overrides concern.

        Args:
            settings: whose registry, overrides and working file.
            new: name variants that no batch has decided, in the columns of `name_variants.VARIANT_SCHEMA`.

        Raises:
            OverridesError: the overrides file cannot be used; nothing is decided then.
        """
        last = next(reversed(read_processed(settings)), None)
        with _open_index(settings, self.model) as index:
            index.add(new)
            connection = index.connection
            overrides = load_overrides(settings, _known(settings, index)) if settings.overrides else Overrides()
            warnings = create_override_tables(index, overrides, last.overridden if last else ())
            create_temp_table(connection, "given_new", new.select(["spelling_id"]))
            connection.execute(
                "create or replace temp table to_resolve as select spelling_id from spelling"
                if last and last.model != self.model
                else "create or replace temp table to_resolve as select spelling_id from given_new "
                "union select spelling_id from overridden"
            )
            create_temp_table(connection, "node_group", affected_groups(index, "to_resolve"))
            connection.execute(f"""
                create or replace temp table nameless as
                select spelling_id from spelling semi join to_resolve using (spelling_id) where signature is null;
                create or replace temp table earlier_decision as
                select * from {registry.rows_sql(settings, registry.DECISIONS)} as known
                where
                    spelling_id in (select spelling_id from named_variant semi join node_group using (node))
                    or spelling_id in (select spelling_id from nameless)
            """)
            decisions, entities, counts = decide(index, registry.rows_sql(settings, registry.ENTITIES))
            in_force = "select spelling_id from overridden where words is not null order by 1"
            overridden = connection.execute(in_force).fetchall()
        return Resolution(
            decisions,
            entities,
            counts,
            {PLACES: new.select(["spelling_id", *PLACE_COLUMNS])},
            tuple(spelling_id for (spelling_id,) in overridden),
            (*overrides.warnings, *warnings),
        )


def entities_of(variants: pa.Table) -> pa.Table:
    """Resolve a whole set from scratch, in memory: columns `spelling_id`, `entity_id` (null where no party is named).

    Args:
        variants: columns `index.COLUMNS`.
    """
    with closing(scratch()) as connection:
        index = Index(connection)
        index.add(variants)
        create_temp_table(connection, "node_group", all_groups(index))
        return connection.execute(
            "select spelling_id, cast(head as varchar) as entity_id "
            "from spelling left join node_group on spelling.signature = node_group.node order by spelling_id"
        ).to_arrow_table()


def working_path(settings: Settings, model: str = MODEL) -> Path:
    """Return the path of the index, a projection of the registry that is built again when it is lost."""
    return settings.home / "parties" / f"index-{model}.duckdb"


@contextmanager
def _open_index(settings: Settings, model: str) -> Iterator[Index]:
    """Open the index and add the name variants of the registry that it lacks; a damaged file is built again."""
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
        index = Index(connection)
        index.add(_missing(settings, connection))
        yield index


def _is_damaged(path: Path) -> bool:
    """Return whether the file is no DuckDB file, rather than one that another process has open."""
    with path.open("rb") as file:
        return b"DUCK" not in file.read(16)


def _missing(settings: Settings, connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return the name variants of the registry that the index lacks."""
    batches = [batch for batch in registry.read_batches(settings) if PLACES in batch.files]
    if not batches:
        return connection.execute(f"select {', '.join(COLUMNS)} from spelling where false").to_arrow_table()
    places = f"select * from {registry.table_sql(settings, PLACES)}"
    return connection.execute(f"""
        select {", ".join(f"places.{name}" if name in PLACE_COLUMNS else f"known.{name}" for name in COLUMNS)}
        from {registry.rows_sql(settings, registry.DECISIONS)} as known
        anti join spelling using (spelling_id)
        left join ({places}) as places using (spelling_id)
    """).to_arrow_table()


def _known(settings: Settings, index: Index) -> pa.Table:
    """Return every name variant with its current entity, null where it is new: overrides are resolved against them."""
    return index.connection.execute(f"""
        select spelling_id, spelling.party_kind, spelling.raw_name, spelling.raw_address, known.entity_id,
            spelling.first_run_date
        from spelling
        left join {registry.rows_sql(settings, registry.DECISIONS)} as known using (spelling_id)
    """).to_arrow_table()
