"""Rows, newest week and columns of each table and view of the warehouse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from pipeline.settings import Settings
from pipeline.warehouse.connection import LAYERS, warehouse

WEEK_COLUMN: Final = "week_start_date"


@dataclass(frozen=True)
class TableFacts:
    """One table or view.

    Attributes:
        rows: number of rows; None for a view, since counting would run it.
        newest_week: Monday of the newest week in it; None where it has no weeks.
        columns: its columns in order, with their types.
    """

    rows: int | None
    newest_week: date | None
    columns: Mapping[str, str]


def table_facts(settings: Settings) -> dict[str, TableFacts]:
    """Facts of every table and view of the layers by its name."""
    with warehouse(settings) as connection:
        relations = connection.execute(
            "select table_name, any_value(table_type), list((column_name, data_type) order by ordinal_position) "
            "from information_schema.columns "
            "inner join information_schema.tables using (table_catalog, table_schema, table_name) "
            "where list_contains($1, table_schema) group by table_name order by table_name",
            [list(LAYERS)],
        ).fetchall()
        facts = {}
        for name, kind, columns in relations:
            types = dict(columns)
            rows, newest = None, None
            if kind == "BASE TABLE":
                week = f"max({WEEK_COLUMN})" if WEEK_COLUMN in types else "null"
                rows, newest = connection.execute(f'select count(*), {week} from "{name}"').fetchone() or (0, None)
            facts[name] = TableFacts(rows, newest, types)
    return facts
