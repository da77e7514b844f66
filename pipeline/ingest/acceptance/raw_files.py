"""Whether the rows of accepted releases are still in raw: what a disk lost is loaded again from landing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import parquet

from pipeline.ingest.paths import raw_folder
from pipeline.settings import Settings
from pipeline.state.release_outcomes import Outcome, read_outcomes


def damaged_days(
    settings: Settings, days: Iterable[date] | None = None, outcomes: Sequence[Outcome] | None = None
) -> Mapping[date, str]:
    """Return what is wrong with the raw rows of accepted release days, by day; days that are whole are not in it.

    Args:
        settings: paths and the journal of outcomes, which has the number of rows of each table.
        days: those to look at; None is all.
        outcomes: the journal's, where the caller has read it.
    """
    rows: dict[date, dict[str, int]] = {}
    version: dict[date, str | None] = {}
    for line in read_outcomes(settings) if outcomes is None else outcomes:
        if line.outcome in ("loaded", "partial"):
            if version.get(line.release_date) != line.raw_version:
                rows[line.release_date] = {}
            version[line.release_date] = line.raw_version
            of_day = rows[line.release_date]
            of_day[line.table_name] = of_day.get(line.table_name, 0) + (line.rows_loaded or 0)
    wanted = rows.keys() if days is None else rows.keys() & set(days)
    found = {day: _fault(settings, day, rows[day]) for day in sorted(wanted)}
    return {day: fault for day, fault in found.items() if fault}


def _fault(settings: Settings, day: date, rows: Mapping[str, int]) -> str | None:
    for table, expected in rows.items():
        folder = raw_folder(settings, day, table)
        try:
            there = sum(
                _rows(path, stat.st_size, stat.st_mtime_ns)
                for path in folder.glob("*.parquet")
                for stat in [path.stat()]
            )
        except (pa.ArrowException, OSError) as error:
            return f"a file in {folder} cannot be read ({str(error).splitlines()[0]})"
        if there != expected:
            return f"{folder} has {there:,} rows where {expected:,} were loaded"
    return None


@lru_cache(maxsize=100_000)
def _rows(path: Path, _size: int, _mtime_ns: int) -> int:
    """Rows by a file's footer, which a run asks for at several steps."""
    return int(parquet.read_metadata(path).num_rows)
