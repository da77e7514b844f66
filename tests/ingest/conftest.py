"""Landed releases made of fixture files, and reading back what became of them."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.ingest.landing.files import LandedFile, Landing
from pipeline.ingest.staged import StagedRelease
from pipeline.settings import Settings, load_settings

FIXTURES = Path(__file__).parents[1] / "fixtures"
DAY = date(2026, 11, 2)

Files = Mapping[str, bytes]
Land = Callable[..., Landing]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path / "home", threads=2, _env_file=None)


@pytest.fixture
def land(settings: Settings) -> Land:
    """Lands tables in the home of the test."""
    return lander(settings)


def lander(settings: Settings) -> Land:
    """Lands tables given as bytes; those not given are the good ones, `None` leaves one out."""

    def landed(tables: Mapping[str, bytes | None] | None = None, *, day: date = DAY, packed: bool = False, **rows: int):  # type: ignore[no-untyped-def]
        folder = settings.landing_dir / day.isoformat()
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        wanted = {**good_tables(), **(tables or {})}
        files = [
            land_file(folder, table, data, packed=packed, rows=rows.get(table))
            for table, data in wanted.items()
            if data is not None
        ]
        return Landing(day, "landed", tuple(files), None)

    return landed


def good_tables() -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in sorted((FIXTURES / "good").glob("*.csv"))}


def bad_file(name: str) -> bytes:
    return (FIXTURES / "bad" / f"{name}.csv").read_bytes()


def land_file(folder: Path, table: str, data: bytes, *, packed: bool = False, rows: int | None = None) -> LandedFile:
    path = folder / f"ams__{table}.csv{'.gz' if packed else ''}"
    delivered = gzip.compress(data, mtime=0) if packed else data
    path.write_bytes(delivered)
    return LandedFile(
        table=table,
        file_name=path.name,
        path=path,
        url=f"file:///{path.name}",
        sha256=hashlib.sha256(delivered).hexdigest(),
        bytes=len(delivered),
        fetched_at="2026-11-03T00:00:00.000+00:00",
        etag=None,
        last_modified=None,
        rows_declared=rows,
    )


# no file cache: tests write other bytes to one path within a second
READER = duckdb.connect(config={"threads": 1, "enable_external_file_cache": "false"})
"""One for all tests: to open an engine takes longer than to read the rows of a test."""


def read(pattern: Path | str, order: str = "all") -> list[dict[str, Any]]:
    """Rows of Parquet files as dictionaries; none when no file is there."""
    folder, name = os.path.split(pattern)
    if not any(Path(folder).glob(name)):
        return []
    answer = READER.execute(f"select * from read_parquet($1) order by {order}", [str(pattern)])
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def staged(settings: Settings, name: str, day: date = DAY) -> list[dict[str, Any]]:
    """Rows of one folder of a staged release: a table, `quarantine` or `aside`."""
    return read(settings.staged_dir / f"release_date={day}" / name / "*.parquet")


def conserved(release: StagedRelease, settings: Settings) -> None:
    """Rows in = rows in Parquet + rows in quarantine, for every file, counted in the files."""
    quarantine = staged(settings, "quarantine", release.release_date)
    for file in release.files:
        assert file.rows_in == file.rows_loaded + file.rows_quarantined, file
        assert len(staged(settings, file.table, release.release_date)) == file.rows_loaded, file
        assert sum(row["table_name"] == file.table for row in quarantine) == file.rows_quarantined, file
