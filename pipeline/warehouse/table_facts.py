"""What lies in the warehouse: rows and newest week of each table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from pipeline.settings import Settings
from pipeline.warehouse.connection import warehouse

WEEK_COLUMN: Final = "week_start_date"


@dataclass(frozen=True)
class TableFacts:
    """One table.

    Attributes:
        rows: number of rows.
        newest_week: Monday of the newest week in it; None where it has no weeks.
    """

    rows: int
    newest_week: date | None


def table_facts(settings: Settings) -> dict[str, TableFacts]:
    """Facts of every table by its name; views are left out, since counting them would run them."""
    with warehouse(settings) as connection:
        tables = connection.execute(
            "select table_name, bool_or(column_name = $1) from information_schema.columns "
            "inner join information_schema.tables using (table_catalog, table_schema, table_name) "
            "where table_type = 'BASE TABLE' group by table_name order by table_name",
            [WEEK_COLUMN],
        ).fetchall()
        facts = {}
        for name, has_weeks in tables:
            week = f"max({WEEK_COLUMN})" if has_weeks else "null"
            rows, newest = connection.execute(f'select count(*), {week} from "{name}"').fetchone() or (0, None)
            facts[name] = TableFacts(rows, newest)
    return facts
