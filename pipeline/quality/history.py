"""How many rows the trailing weeks and the load before had, by the journal.

The days of one run count for each other, because a range is staged as a whole before any of it is journaled.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from expectations.volumes import LEAST_WEEKS, TRAILING_WEEKS
from pipeline.quality.staged import Staged
from pipeline.settings import Settings
from pipeline.state.release_outcomes import read_outcomes


@dataclass(frozen=True)
class History:
    """Rows loaded, by release day and table.

    Attributes:
        accepted: as journaled, the newest load of each day.
        all: the same with the staged rows of this run in front.
    """

    accepted: dict[date, dict[str, int]]
    all: dict[date, dict[str, int]]

    def usual_rows(self, day: date, table: str, *, within_year: bool = False) -> float | None:
        """Median of the same weekday over the trailing weeks; None when too few of them are known.

        Args:
            day: the release day whose predecessors are looked at.
            table: the table; a known day without it counts as no rows.
            within_year: look only at days of the same calendar year.
        """
        days = (day - timedelta(weeks=week) for week in range(1, TRAILING_WEEKS + 1))
        known = [
            self.all[other].get(table, 0)
            for other in days
            if other in self.all and (not within_year or other.year == day.year)
        ]
        return median(known) if len(known) >= LEAST_WEEKS else None

    def last_load(self, day: date, table: str) -> int | None:
        """Rows of the load of this day that is in force; None when there is none."""
        return self.accepted.get(day, {}).get(table)


def read_history(settings: Settings, staged: Iterable[Staged]) -> History:
    """The journal's newest loads, and the rows of the releases `staged` in this run."""
    loads: dict[date, tuple[str | None, dict[tuple[str, str], int]]] = {}
    for item in read_outcomes(settings):
        if item.outcome != "loaded" or item.rows_loaded is None:
            continue
        version, files = loads.get(item.release_date, (None, {}))
        if version != item.raw_version:
            files = {}
        files[item.table_name, item.file_name] = item.rows_loaded
        loads[item.release_date] = (item.raw_version, files)
    accepted: dict[date, dict[str, int]] = {}
    for day, (_, files) in loads.items():
        tables = accepted.setdefault(day, {})
        for (table, _file), rows in files.items():
            tables[table] = tables.get(table, 0) + rows
    now = {release.day: {table: counts.rows_loaded for table, counts in release.tables.items()} for release in staged}
    return History(accepted, {**accepted, **now})
