"""Removal of landed bytes after their retention."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from pipeline.ingest.landing.folder import LandingFolder, abandoned_parts
from pipeline.settings import Settings
from pipeline.state.release_outcomes import read_outcomes


@dataclass
class _Load:
    """The newest load of one release: its version, its files and when it ended."""

    version: str | None
    ended_on: date
    sha256s: dict[str, str | None] = field(default_factory=dict)


def prune_landing(settings: Settings, today: date) -> list[date]:
    """Remove landed bytes whose load is older than LEVERAGE_LANDING_RETENTION_DAYS; their provenance stays.

    Landed bytes that were never loaded, such as a correction that its checks stopped, stay too. Parts of downloads that
    were not resumed for as long are removed. Fetching a pruned release again downloads it whole.

    Args:
        settings: the retention and the paths.
        today: the day from which days are counted.

    Returns:
        The release days of which landed bytes were removed, in order.
    """
    if settings.landing_retention_days is None:
        return []
    for folder, last_added in abandoned_parts(settings):
        if (today - last_added).days > settings.landing_retention_days:
            with folder.open():
                folder.drop_parts()
    pruned = []
    for release_date, load in sorted(_newest_loads(settings).items()):
        folder = LandingFolder(settings, release_date)
        old = (today - load.ended_on).days > settings.landing_retention_days
        if old and _is_served(folder, load):
            with folder.open():
                if _is_served(folder, load):  # another run may have landed a correction meanwhile
                    folder.prune()
                    pruned.append(release_date)
    return pruned


def _newest_loads(settings: Settings) -> dict[date, _Load]:
    loads: dict[date, _Load] = {}
    for line in read_outcomes(settings):
        if line.outcome not in ("loaded", "partial"):
            continue
        load = loads.get(line.release_date)
        ended_on = datetime.fromisoformat(line.finished_at).date()
        if load is None or load.version != line.raw_version:
            load = loads[line.release_date] = _Load(line.raw_version, ended_on)
        load.ended_on = ended_on
        load.sha256s[line.table_name] = line.sha256
    return loads


def _is_served(folder: LandingFolder, load: _Load) -> bool:
    """Whether the landed files are those that were loaded, and their bytes are still there."""
    files = folder.recorded()
    return files is not None and {file.table: file.sha256 for file in files} == load.sha256s and folder.has_bytes()
