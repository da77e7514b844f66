"""A long history, written straight as raw Parquet: the days of one month again and again, further and further back.

Identifiers, dates, bill numbers and voyages are moved with each copy, so that every copy holds other bills in other
boxes; firms and words stay.
"""

from __future__ import annotations

from datetime import date, timedelta

from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.paths import raw_folder
from pipeline.settings import Settings
from pipeline.state.release_outcomes import Outcome, append_outcomes
from pipeline.warehouse.connection import engine


def extend(settings: Settings, month: list[date], days: int) -> None:
    """Write `days` release days before `month`, whose days are loaded, by copying them in turn."""
    with engine(settings) as connection:
        for back in range(1, days + 1):
            copy = (back - 1) // len(month) + 1
            source = month[len(month) - 1 - (back - 1) % len(month)]
            day = source - timedelta(days=copy * len(month))
            lines = []
            for table in TABLES:
                files = raw_folder(settings, source, table)
                if not files.is_dir():
                    continue
                target = raw_folder(settings, day, table)
                target.mkdir(parents=True)
                connection.execute(
                    f"copy (select {_moved(table, copy, source, day)} from read_parquet(?, hive_partitioning = false)) "
                    f"to '{target}/part-0.parquet' (format parquet)",
                    [f"{files}/*.parquet"],
                )
                lines.append(Outcome(day, table, "copied", "loaded", 0, 0, 0, 0, None, None, None, f"copy-{day}"))
            append_outcomes(settings, lines)


def _moved(table: str, copy: int, source: date, day: date) -> str:
    """Columns of a table as they stand `copy` months earlier."""
    back = (source - day).days
    identifier = (
        f"cast(strftime(strptime(left(cast(identifier as varchar), 8), '%Y%m%d') - interval {back} days, '%Y%m%d') "
        "|| substr(cast(identifier as varchar), 9) as bigint) as identifier"
    )
    columns = {"identifier": identifier}
    for name, kind in TABLES[table].types.items():
        if kind == "DATE":
            columns[name] = f"{name} - {back} as {name}"
    for name in ("master_bol_number", "house_bol_number", "sub_house_bol_number", "voyage_number"):
        if name in TABLES[table].columns:
            columns[name] = f"case when {name} <> '' then '{copy}X' || {name} else {name} end as {name}"
    replaced = ", ".join(columns.values())
    return f"* replace ({replaced})"
