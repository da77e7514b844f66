"""Staged releases and their record, `load.json`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from pipeline.ingest.paths import LOAD_NAME


@dataclass(frozen=True)
class StagedFile:
    """One landed file as it was read.

    A *row* is one line below the header, or the several lines of one properly quoted field; blank lines and the header
    line are none, a repeated header line is one (which is quarantined).

    Attributes:
        table: the AMS table.
        file_name: its name in the landing folder.
        rows_in: rows in the file; `rows_in = rows_loaded + rows_quarantined`.
        rows_loaded: rows in its Parquet files.
        rows_quarantined: rows in quarantine.
        values_aside: values of loaded rows that did not convert, or of columns that the layout does not know.
        bytes: size as delivered.
        sha256: of the bytes as delivered, hexadecimal.
        url: where it came from.
        notes: what else a reader should know.
        rows_declared: rows that the source's manifest declares, if it does.
        fault: why the file of an optional table cannot be read; it then has no rows.
    """

    table: str
    file_name: str
    rows_in: int
    rows_loaded: int
    rows_quarantined: int
    values_aside: int
    bytes: int
    sha256: str
    url: str
    notes: tuple[str, ...]
    rows_declared: int | None
    fault: str | None = None


@dataclass(frozen=True)
class StagedRelease:
    """One release day as it was read.

    Attributes:
        release_date: the release day.
        raw_version: hash of its files and their reader.
        files: its files in the order of the layout; empty when there is a fault.
        fault: why the release cannot be read: the reason of each required table that cannot.
    """

    release_date: date
    raw_version: str
    files: tuple[StagedFile, ...]
    fault: str | None

    @property
    def read_files(self) -> tuple[StagedFile, ...]:
        """Its files but for those that cannot be read."""
        return tuple(file for file in self.files if file.fault is None)


def write_load(release: StagedRelease, folder: Path) -> None:
    """Write `folder/load.json`."""
    document = {**asdict(release), "release_date": release.release_date.isoformat()}
    (folder / LOAD_NAME).write_text(json.dumps(document, indent=1), encoding="utf-8")


def read_load(folder: Path) -> StagedRelease | None:
    """Return the release recorded in `folder/load.json`; None when it is absent or torn."""
    try:
        document = json.loads((folder / LOAD_NAME).read_bytes())
        files = tuple(StagedFile(**{**entry, "notes": tuple(entry["notes"])}) for entry in document["files"])
        day = date.fromisoformat(document["release_date"])
        return StagedRelease(day, document["raw_version"], files, document["fault"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
