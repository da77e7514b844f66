"""Where rows are stored between landing and raw, and in raw.

    staged/release_date=<D>/<table>/*.parquet     typed rows, not checked yet
    staged/release_date=<D>/quarantine/*.parquet  rows that were not loaded (absent when there are none)
    staged/release_date=<D>/aside/*.parquet       values that were not loaded (absent when there are none)
    staged/release_date=<D>/load.json             what was read, written last

When the release is accepted, its folders become `raw/<table>/release_date=<D>/`,
`quarantine/release_date=<D>/` and `aside/release_date=<D>/`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from pipeline.settings import Settings

LOAD_NAME: Final = "load.json"
QUARANTINE_NAME: Final = "quarantine"
ASIDE_NAME: Final = "aside"


def partition(day: date) -> str:
    """Return the folder name of a release day, in the form of hive partitions."""
    return f"release_date={day.isoformat()}"


def staged_folder(settings: Settings, day: date) -> Path:
    """Return the folder of a staged release."""
    return settings.staged_dir / partition(day)


def staged_files(settings: Settings, day: date, table: str) -> list[Path]:
    """Return the Parquet files of one staged table; none when it has no rows or was not delivered."""
    return sorted((staged_folder(settings, day) / table).glob("*.parquet"))


def staged_quarantine_files(settings: Settings, day: date) -> list[Path]:
    """Return the Parquet files of a staged release's quarantine; none when every row was loaded."""
    return sorted((staged_folder(settings, day) / QUARANTINE_NAME).glob("*.parquet"))


def raw_folder(settings: Settings, day: date, table: str) -> Path:
    """Return the folder of one table of an accepted release."""
    return settings.raw_dir / table / partition(day)
