"""Land, stage and accept release days. Each step decides from the files on disk: a killed run is simply run again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from pipeline.ingest.acceptance.accept import accept_releases
from pipeline.ingest.acceptance.raw_files import damaged_days
from pipeline.ingest.acceptance.verdicts import passed_days, staged_version
from pipeline.ingest.formats.ams import REQUIRED
from pipeline.ingest.land import Landing, land_release, landed
from pipeline.ingest.landing.retention import prune_landing
from pipeline.ingest.reader_version import raw_version
from pipeline.ingest.release_days import days_to_ask, read_rhythm
from pipeline.ingest.stage import StagedRelease, stage_releases
from pipeline.progress import Progress
from pipeline.settings import Settings
from pipeline.state.asked_days import note_asked
from pipeline.state.release_outcomes import Outcome, accepted_versions, append_outcomes, read_outcomes
from pipeline.state.release_rhythm import learn_rhythm

JOURNAL_EVERY: Final = 50
"""Release days between two writes of the journal: each write is forced to disk, and a kill loses at most these."""
GIVE_UP_AFTER: Final = 3
"""Consecutive failed release days after which a range is given up: a server that is down takes half a minute a day to
report it, with all retries."""


def land_days(settings: Settings, days: Sequence[date], *, recheck: bool, progress: Progress) -> list[Landing]:
    """Land `days` and journal those that bring nothing to load.

    Args:
        settings: source and paths.
        days: release days.
        recheck: also ask the source for days that are already accepted (a conditional request).
        progress: receives each day.

    Returns:
        One landing for each day that was asked for; fewer when the source fails day after day.
    """
    accepted = accepted_versions(settings)
    wanted = [day for day in days_to_ask(settings, days) if recheck or day not in accepted]
    rhythm = read_rhythm(settings)
    published, silent = set(rhythm.published), set(rhythm.silent)
    progress.started("land", len(wanted))
    landings: list[Landing] = []
    lines: list[Outcome] = []
    is_range = False
    for day in wanted:
        if len(landings) >= GIVE_UP_AFTER and all(item.outcome == "failed" for item in landings[-GIVE_UP_AFTER:]):
            progress.warned(f"{day}: {GIVE_UP_AFTER} release days failed in a row: the source is not asked further")
            break
        if len(wanted) > 1 and day.weekday() not in rhythm.weekdays and day not in published:
            progress.advanced(f"{day} has no release")  # learned while the range is asked for
            continue
        landing = land_release(settings, day)
        landings.append(landing)
        if landing.outcome == "not_published":
            silent.add(day)
            rhythm = learn_rhythm(published, silent, settings.release_days)
        else:
            published.add(day)
        lines += _lines_without_load(landing, accepted.get(day))
        if len(lines) >= JOURNAL_EVERY * len(REQUIRED):
            append_outcomes(settings, lines)
            lines = []
        progress.advanced(f"{day} {landing.outcome}")
    else:
        is_range = len(days) > 1
    append_outcomes(settings, lines)
    if is_range:
        note_asked(settings, min(days), max(days))
    return landings


def waiting_to_load(settings: Settings, days: Sequence[date]) -> list[Landing]:
    """The landed releases among `days` whose bytes are not the accepted ones, or whose rows in raw are damaged."""
    outcomes = read_outcomes(settings)
    accepted = accepted_versions(settings, outcomes)
    found = {day: item for day in days if (item := landed(settings, day))}
    other = {day for day, item in found.items() if raw_version(item.files) != accepted.get(day)}
    damaged = damaged_days(settings, found.keys() - other, outcomes)
    return [item for day, item in found.items() if day in other or day in damaged]


def stage_days(settings: Settings, days: Sequence[date], progress: Progress) -> list[StagedRelease]:
    """Stage the landed releases among `days` that are not staged yet; an unreadable one is journaled as failed."""
    waiting = {item.release_date: item for item in waiting_to_load(settings, days)}
    todo = [item for day, item in waiting.items() if staged_version(settings, day) != raw_version(item.files)]
    progress.started("stage", len(todo))
    staged = stage_releases(settings, todo, progress=lambda day: progress.advanced(str(day)))
    for release in staged:
        if release.fault:
            lines = outcome_lines(waiting[release.release_date], "failed", release.fault, release.raw_version)
            append_outcomes(settings, lines)
    return staged


def accept_days(settings: Settings, days: Sequence[date], progress: Progress) -> list[StagedRelease]:
    """Promote those of `days` whose staged rows passed their checks, and prune landed bytes beyond their retention."""
    passed = passed_days(settings, days)
    progress.started("accept", len(passed))
    accepted = accept_releases(settings, passed) if passed else []
    prune_landing(settings, datetime.now(ZoneInfo(settings.timezone)).date())
    return accepted


def outcome_lines(landing: Landing, outcome: str, reason: str | None, version: str | None) -> list[Outcome]:
    """One journal line for each landed file, or for each required table where none is landed."""
    files: list[tuple[str, str, int | None, str | None, str | None]]
    files = [(file.table, file.file_name, file.bytes, file.sha256, file.url) for file in landing.files]
    return [
        Outcome(
            release_date=landing.release_date,
            table_name=table,
            file_name=file_name,
            outcome=outcome,
            rows_in=None,
            rows_loaded=None,
            rows_quarantined=None,
            bytes=size,
            sha256=sha256,
            url=url,
            reason=reason,
            raw_version=version,
        )
        for table, file_name, size, sha256, url in files or [(table, "", None, None, None) for table in REQUIRED]
    ]


def _lines_without_load(landing: Landing, accepted: str | None) -> list[Outcome]:
    """The lines for a landing that leaves nothing to load; none when it is to be staged."""
    if landing.outcome in ("landed", "unchanged"):
        version = raw_version(landing.files)
        return outcome_lines(landing, "unchanged", landing.reason, version) if version == accepted else []
    return outcome_lines(landing, landing.outcome, landing.reason, None)
