"""Write for each release day whether the source's rhythm expects it, and who waived it: read by `meta_release`."""

from __future__ import annotations

from collections import Counter
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from pipeline.ingest.paths import raw_folder
from pipeline.settings import Settings
from pipeline.snapshots.calendar import BY_RULE, ReleaseState, judge, newest_reached_week
from pipeline.snapshots.inputs import read_release_state
from pipeline.warehouse.connection import scratch

SCHEMA: Final = pa.schema([("release_date", pa.date32()), ("expected", pa.bool_()), ("waived_by", pa.string())])


def release_days_path(settings: Settings) -> Path:
    """Return the path of the file: release_date, expected, waived_by (`rule`, `operator` or null), in order."""
    return settings.home / "weekly" / "release_days.parquet"


def write_release_days(settings: Settings) -> None:
    """Write the release days that have an outcome, as of the newest week that the next build reaches."""
    release_state = _once_built(settings, read_release_state(settings))
    days = sorted({item.release_date for item in release_state.outcomes})
    week = newest_reached_week(release_state, settings.lateness_days)
    waived = judge(week, release_state, settings.lateness_days).waived if week else {}
    expected = set(release_state.rhythm.expected(days[0], days[-1])) if days else set()
    loaded = {item.release_date for item in release_state.outcomes if item.outcome == "loaded"}
    by = [
        "operator"
        if day in release_state.waivers and day not in loaded
        else "rule"
        if waived.get(day, "").startswith(BY_RULE)
        else None
        for day in days
    ]
    path = release_days_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    pq.write_table(pa.table([days, [day in expected for day in days], by], schema=SCHEMA), unfinished)
    unfinished.replace(path)


def _once_built(settings: Settings, release_state: ReleaseState) -> ReleaseState:
    """Return the state with the records of accepted releases that the next build brings into the warehouse."""
    folders = (raw_folder(settings, day, "billgen") for day in release_state.unbuilt)
    paths = [str(path) for folder in folders for path in sorted(folder.glob("*.parquet"))]
    coming: Counter[date] = Counter()
    if paths:
        with closing(scratch()) as connection, suppress(duckdb.Error):  # the build names a damaged file
            coming.update(dict(connection.execute(_RUN_DATES, [paths]).fetchall()))
    # a cumulative file brings known records again
    run_dates = {
        day: max(coming[day], release_state.run_dates.get(day, 0)) for day in {*coming, *release_state.run_dates}
    }
    return replace(release_state, run_dates=run_dates, unbuilt=())


_RUN_DATES: Final = "select run_date, count(*) from read_parquet($1) where run_date is not null group by run_date"
