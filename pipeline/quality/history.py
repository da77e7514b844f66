"""How many rows the trailing weeks and the load before had, by the journal.

The days of one run count for each other, because a range is staged as a whole before any of it is journaled.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from expectations.volumes import LEAST_WEEKS, TRAILING_WEEKS
from pipeline.ingest.staged import StagedRelease
from pipeline.settings import Settings
from pipeline.state.release_outcomes import read_outcomes


@dataclass(frozen=True)
class History:
    """Rows loaded, by release day and table.

    Attributes:
        accepted: as journaled, the newest load of each day.
        all: the same, replaced by the staged rows of this run.
    """

    accepted: dict[date, dict[str, int]]
    all: dict[date, dict[str, int]]

    def usual_rows(self, day: date, table: str, *, within_year: bool = False) -> float | None:
        """Return the median of the same weekday over the trailing weeks; None when too few of them are known.

        Args:
            day: the release day whose predecessors count.
            table: the table; a known day without it counts as no rows.
            within_year: count only days of the same calendar year.
        """
        days = (day - timedelta(weeks=week) for week in range(1, TRAILING_WEEKS + 1))
        known = [
            self.all[other].get(table, 0)
            for other in days
            if other in self.all and (not within_year or other.year == day.year)
        ]
        return median(known) if len(known) >= LEAST_WEEKS else None

    def last_load(self, day: date, table: str) -> int | None:
        """Return the rows of the load of this day that is in force; None when there is none."""
        return self.accepted.get(day, {}).get(table)


def read_history(settings: Settings, staged: Iterable[StagedRelease]) -> History:
    """Return the journal's newest loads, and the rows of the releases `staged` in this run."""
    loads: dict[date, tuple[str | None, dict[tuple[str, str], int]]] = {}
    for item in read_outcomes(settings):
        if item.outcome not in ("loaded", "partial") or item.rows_loaded is None:
            continue
        version, files = loads.get(item.release_date, (None, {}))
        if version != item.raw_version:
            files = {}
        files[item.table_name, item.file_name] = item.rows_loaded
        loads[item.release_date] = (item.raw_version, files)
    accepted = {
        day: _by_table((table, rows) for (table, _), rows in files.items()) for day, (_, files) in loads.items()
    }
    now = {
        release.release_date: _by_table((file.table, file.rows_loaded) for file in release.read_files)
        for release in staged
    }
    return History(accepted, {**accepted, **now})


def _by_table(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for table, number in rows:
        total[table] = total.get(table, 0) + number
    return total
