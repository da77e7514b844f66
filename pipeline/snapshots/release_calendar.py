"""Write for each release day whether the source's rhythm expects it, and who waived it: read by `meta_release`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from pipeline.settings import Settings
from pipeline.snapshots.calendar import BY_RULE, judge, newest_reached_week
from pipeline.snapshots.inputs import read_release_state

SCHEMA: Final = pa.schema([("release_date", pa.date32()), ("expected", pa.bool_()), ("waived_by", pa.string())])


def release_days_path(settings: Settings) -> Path:
    """Return the path of the file: release_date, expected, waived_by (`rule`, `operator` or null), in order."""
    return settings.home / "weekly" / "release_days.parquet"


def write_release_days(settings: Settings) -> None:
    """Write the release days that have an outcome, as of the newest week that the records reach."""
    release_state = read_release_state(settings)
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
