"""The entities of a registry, for tests."""

from __future__ import annotations

from contextlib import closing

import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.entities.registry import ENTITIES, ENTITY_SCHEMA, rows_sql
from pipeline.settings import Settings
from pipeline.warehouse.connection import engine


def read_entities(settings: Settings) -> pa.Table:
    """Return the current row of each entity."""
    columns = ", ".join(ENTITY_SCHEMA.names)
    with closing(engine(settings)) as connection:
        rows = connection.execute(
            f"select {columns} from {rows_sql(settings, ENTITIES)} order by {ENTITY_SCHEMA.names[0]}"
        )
        return rows.to_arrow_table().cast(ENTITY_SCHEMA)
