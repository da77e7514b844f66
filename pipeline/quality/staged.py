"""What the records stage says it has staged, read back from `load.json`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from pipeline.ingest.paths import staged_files, staged_folder, staged_quarantine_files
from pipeline.ingest.staged import StagedFile, read_load
from pipeline.settings import Settings

PROFILED_ROWS: Final = 40_000_000
"""Rows looked at in one go; the bills among them (some 5 %) are held in memory to find children without one."""


@dataclass(frozen=True)
class StagedTable:
    """One table of one staged release, as the reader tells of it.

    Attributes:
        rows_in: rows in its landed files.
        rows_loaded: rows written to Parquet.
        rows_quarantined: rows set aside.
        rows_unaccounted: rows of a file that are neither, without regard to sign, summed over the files.
        rows_beyond_manifest: rows of a file more or less than declared, likewise; None when nothing is declared.
        paths: its Parquet files.
    """

    rows_in: int
    rows_loaded: int
    rows_quarantined: int
    rows_unaccounted: int
    rows_beyond_manifest: int | None
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Staged:
    """A staged release.

    Attributes:
        day: its release day.
        tables: the delivered tables.
        quarantine: the Parquet files of its quarantine.
    """

    day: date
    tables: dict[str, StagedTable]
    quarantine: tuple[str, ...]

    @property
    def rows(self) -> int:
        """Rows loaded, all tables."""
        return sum(table.rows_loaded for table in self.tables.values())


def read_staged(settings: Settings, days: Sequence[date]) -> list[Staged]:
    """Those of `days` that are staged without a fault, in the order given."""
    found = (_read(settings, day) for day in days)
    return [release for release in found if release is not None]


def in_chunks(releases: Iterable[Staged]) -> Iterator[list[Staged]]:
    """Releases in groups of at most `PROFILED_ROWS` rows, at least one in each."""
    chunk: list[Staged] = []
    rows = 0
    for release in releases:
        if chunk and rows + release.rows > PROFILED_ROWS:
            yield chunk
            chunk, rows = [], 0
        chunk.append(release)
        rows += release.rows
    if chunk:
        yield chunk


def _read(settings: Settings, day: date) -> Staged | None:
    load = read_load(staged_folder(settings, day))
    if load is None or load.fault:
        return None  # not staged, or a kill cut the writing short, or it cannot be read: nothing to be checked
    by_table: dict[str, list[StagedFile]] = {}
    for file in load.files:
        by_table.setdefault(file.table, []).append(file)
    return Staged(
        day,
        {table: _table(files, staged_files(settings, day, table)) for table, files in by_table.items()},
        tuple(map(str, staged_quarantine_files(settings, day))),
    )


def _table(files: list[StagedFile], paths: list[Path]) -> StagedTable:
    declared = [abs(file.rows_in - file.rows_declared) for file in files if file.rows_declared is not None]
    return StagedTable(
        rows_in=sum(file.rows_in for file in files),
        rows_loaded=sum(file.rows_loaded for file in files),
        rows_quarantined=sum(file.rows_quarantined for file in files),
        rows_unaccounted=sum(abs(file.rows_in - file.rows_loaded - file.rows_quarantined) for file in files),
        rows_beyond_manifest=sum(declared) if declared else None,
        paths=tuple(map(str, paths)),
    )
