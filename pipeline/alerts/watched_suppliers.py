"""Write the watched suppliers for the models: their findings are corrected as a family of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from pipeline.alerts.reach import load_watch_lines, watched_suppliers
from pipeline.alerts.watchlist import load_watchlist
from pipeline.settings import Settings
from pipeline.snapshots.calendar import Week, week_of
from pipeline.warehouse.connection import warehouse

SCHEMA: Final = pa.schema([pa.field("supplier_id", pa.string(), nullable=False)])


def watched_path(settings: Settings) -> Path:
    """Return the path of the file: supplier_id, in order; no row without a watchlist."""
    return settings.home / "weekly" / "watched.parquet"


def write_watched(settings: Settings, week: Week | None = None) -> int:
    """Write down the suppliers that the watchlist reaches by name, by product or as a company's own.

    A line that watches everything for no company makes no family: everything is the other one already.

    Args:
        settings: names the watchlist and the home.
        week: a company's suppliers are those of the year up to it; None: up to the newest week with bills.

    Returns:
        How many there are.

    Raises:
        WatchlistError: the watchlist is wrong.
        WarehouseError: the warehouse is missing or in use.
    """
    watchers = load_watchlist(settings).watchers
    suppliers: list[str] = []
    if watchers:
        with warehouse(settings) as connection:
            newest = connection.execute("select max(week_start_date) from fct_pair_weekly").fetchone()
            chosen = week or (week_of(newest[0]) if newest and newest[0] else None)
            if chosen is not None:
                load_watch_lines(connection, watchers, chosen)
                suppliers = watched_suppliers(connection)
    path = watched_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    pq.write_table(pa.table({"supplier_id": suppliers}, SCHEMA), unfinished)
    unfinished.replace(path)
    return len(suppliers)
