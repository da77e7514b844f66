"""Promote staged releases to raw, table by table, and journal their files as loaded or partial.

Every step can be interrupted and repeated: a folder that is no longer in the staged release has already been moved, the
journal's line is written after the last move, and the staged folder is removed after the line.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from pipeline.ingest.acceptance.verdicts import partial_tables
from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.paths import ASIDE_NAME, QUARANTINE_NAME, partition, raw_folder, staged_folder
from pipeline.ingest.staged import StagedRelease, read_load
from pipeline.settings import Settings
from pipeline.state.release_outcomes import Outcome, accepted_versions, append_outcomes

JOURNAL_EVERY: Final = 50
"""Release days between two writes of the journal: each is forced to disk, and a kill repeats at most these."""


def accept_releases(settings: Settings, days: Sequence[date]) -> list[StagedRelease]:
    """Make the staged rows of `days` the accepted ones.

    `raw/<table>/release_date=<D>/`, `quarantine/release_date=<D>/` and `aside/release_date=<D>/` are replaced whole; a
    table that the release no longer has is removed. Then one `loaded` outcome a file (`partial` where an optional table
    failed) is journaled and the staged folder removed.

    Args:
        settings: paths.
        days: release days; those not staged, or staged with a fault, are skipped.

    Returns:
        The releases that were accepted.
    """
    found = ((day, read_load(staged_folder(settings, day))) for day in days)
    releases = [release for _, release in found if release and not release.fault]
    accepted = accepted_versions(settings)
    for first in range(0, len(releases), JOURNAL_EVERY):
        batch = releases[first : first + JOURNAL_EVERY]
        for release in batch:
            _promote(settings, release)
        os.sync()  # the journal must not outlive the rows that it records
        append_outcomes(
            settings,
            [
                line
                for release in batch
                if accepted.get(release.release_date) != release.raw_version
                for line in _loaded_lines(release, partial_tables(settings, release.release_date))
            ],
        )
        for release in batch:
            shutil.rmtree(staged_folder(settings, release.release_date))
    return releases


def _promote(settings: Settings, release: StagedRelease) -> None:
    day = release.release_date
    staged = staged_folder(settings, day)
    rows = {file.table: file.rows_loaded for file in release.files}
    moves = [(table, raw_folder(settings, day, table), rows.get(table, 0) > 0) for table in TABLES]
    bad_rows = sum(file.rows_quarantined for file in release.files)
    moves.append((QUARANTINE_NAME, settings.quarantine_dir / partition(day), bad_rows > 0))
    odd_values = sum(file.values_aside for file in release.files)
    moves.append((ASIDE_NAME, settings.aside_dir / partition(day), odd_values > 0))
    for name, folder, expected in moves:
        if (staged / name).is_dir():
            _replace(staged / name, folder)
        elif not expected:
            shutil.rmtree(folder, ignore_errors=True)


def _replace(new: Path, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        shutil.rmtree(folder)
    new.rename(folder)


def _loaded_lines(release: StagedRelease, partial: Mapping[str, str]) -> Iterator[Outcome]:
    for file in release.files:
        fault = "; ".join(part for part in (file.fault, partial.get(file.table)) if part)
        yield Outcome(
            release_date=release.release_date,
            table_name=file.table,
            file_name=file.file_name,
            outcome="partial" if fault else "loaded",
            rows_in=file.rows_in,
            rows_loaded=file.rows_loaded,
            rows_quarantined=file.rows_quarantined,
            bytes=file.bytes,
            sha256=file.sha256,
            url=file.url,
            reason="; ".join([*([fault] if fault else []), *file.notes]) or None,
            raw_version=release.raw_version,
        )
