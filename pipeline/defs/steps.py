"""What a run does for its release days, stage by stage, as plain functions.

Every decision reads what lies on disk, so a run that was killed is simply run again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from pipeline.ingest.accept import accept_releases
from pipeline.ingest.formats.ams import REQUIRED
from pipeline.ingest.land import Landing, land_release, landed
from pipeline.ingest.landing.retention import prune_landing
from pipeline.ingest.paths import staged_folder
from pipeline.ingest.reader_version import raw_version
from pipeline.ingest.stage import StagedRelease, stage_releases
from pipeline.ingest.staged import read_load
from pipeline.progress import Progress
from pipeline.quality.gate import CheckResult, validate_releases
from pipeline.settings import Settings
from pipeline.state.release_outcomes import Outcome, accepted_versions, append_outcomes

VERDICT_NAME: Final = "verdict.json"
JOURNAL_EVERY: Final = 50
"""Release days between two writes of the journal: each write is forced to disk, and a kill loses at most these."""
GIVE_UP_AFTER: Final = 3
"""Release days that fail one after the other before a range is given up: a server that is down takes half a minute a
day to say so, with all its retries."""


@dataclass(frozen=True)
class Verdict:
    """What the checks said of one staged release.

    Attributes:
        raw_version: of the staged rows that were checked; a verdict on others does not count.
        passed: whether no blocking check failed.
        reason: the failed blocking checks in words.
    """

    raw_version: str
    passed: bool
    reason: str | None


def land(settings: Settings, days: Sequence[date], *, again: bool, progress: Progress) -> list[Landing]:
    """Land `days` and journal those that bring nothing to load.

    Args:
        settings: source and paths.
        days: release days.
        again: ask the source also for days that are accepted already (a conditional request).
        progress: told of each day.

    Returns:
        One landing for each day that was asked for; fewer when the source fails day after day.
    """
    accepted = accepted_versions(settings)
    wanted = [day for day in days if again or day not in accepted]
    progress.started("land", len(wanted))
    landings: list[Landing] = []
    lines: list[Outcome] = []
    for day in wanted:
        if len(landings) >= GIVE_UP_AFTER and all(item.outcome == "failed" for item in landings[-GIVE_UP_AFTER:]):
            progress.warned(f"{day}: {GIVE_UP_AFTER} release days failed in a row: the source is not asked further")
            break
        landing = land_release(settings, day)
        landings.append(landing)
        lines += _journal_lines(landing, accepted.get(day))
        if len(lines) >= JOURNAL_EVERY * len(REQUIRED):
            append_outcomes(settings, lines)
            lines = []
        progress.advanced(f"{day} {landing.outcome}")
    append_outcomes(settings, lines)
    return landings


def waiting_to_load(settings: Settings, days: Sequence[date]) -> list[Landing]:
    """The landed releases among `days` whose bytes are not the accepted ones."""
    accepted = accepted_versions(settings)
    found = (landed(settings, day) for day in days)
    return [item for item in found if item and raw_version(item.files) != accepted.get(item.release_date)]


def stage(settings: Settings, landings: Sequence[Landing], progress: Progress) -> list[StagedRelease]:
    """Stage `landings`, those apart whose rows lie staged; one that cannot be read is journaled as failed."""
    todo = [item for item in landings if _staged_version(settings, item.release_date) != raw_version(item.files)]
    progress.started("stage", len(todo))
    staged = stage_releases(settings, todo, progress=lambda day: progress.advanced(str(day)))
    by_day = {item.release_date: item for item in todo}
    append_outcomes(
        settings,
        [
            line
            for release in staged
            if release.fault
            for line in _lines(by_day[release.release_date], "failed", release.fault, release.raw_version)
        ],
    )
    return staged


def staged_days(settings: Settings, days: Sequence[date]) -> list[date]:
    """Those of `days` that lie staged, waiting for checks or to be accepted."""
    return [day for day in days if _staged_version(settings, day) is not None]


def passed_days(settings: Settings, days: Sequence[date]) -> list[date]:
    """Those of `days` whose staged rows the checks have passed: their way to raw may be half done."""
    return [day for day in days if (verdict := _verdict(settings, day)) and verdict.passed]


def refused_days(settings: Settings, days: Sequence[date]) -> list[date]:
    """Those of `days` whose staged rows the checks have refused."""
    return [day for day in days if (verdict := _verdict(settings, day)) and not verdict.passed]


def check(settings: Settings, days: Sequence[date], progress: Progress) -> list[CheckResult]:
    """Run the checks on staged `days`, keep the verdicts, journal the releases that are stopped."""
    progress.started("check", len(days))
    results = validate_releases(settings, days)
    failed_on: dict[date, list[CheckResult]] = {}
    for result in results:
        if not result.passed:
            failed_on.setdefault(result.release_date, []).append(result)
    lines: list[Outcome] = []
    for day in days:
        version = _staged_version(settings, day)
        if version is None:
            continue
        failed = failed_on.get(day, [])
        reason = "; ".join(_words(result) for result in failed if result.blocking) or None
        verdict = Verdict(version, reason is None, reason)
        (staged_folder(settings, day) / VERDICT_NAME).write_text(json.dumps(asdict(verdict)), encoding="utf-8")
        if reason:
            lines += _lines(landed(settings, day) or Landing(day, "failed", (), None), "failed", reason, version)
        for result in failed:
            progress.warned(f"{day}: {_words(result)}")
        progress.advanced(f"{day} {'refused' if reason else 'passed'}")
    append_outcomes(settings, lines)
    return results


def accept(settings: Settings, days: Sequence[date], progress: Progress) -> list[StagedRelease]:
    """Promote those of `days` whose staged rows passed their checks; landed bytes past their time are removed."""
    passed = passed_days(settings, days)
    progress.started("accept", len(passed))
    accepted = accept_releases(settings, passed) if passed else []
    prune_landing(settings, datetime.now(ZoneInfo(settings.timezone)).date())
    return accepted


def _words(result: CheckResult) -> str:
    return f"{result.suite} of {result.table}: {', '.join(result.failed)}"


def _verdict(settings: Settings, day: date) -> Verdict | None:
    version = _staged_version(settings, day)
    try:
        verdict = Verdict(**json.loads((staged_folder(settings, day) / VERDICT_NAME).read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return verdict if verdict.raw_version == version else None


def _staged_version(settings: Settings, day: date) -> str | None:
    """Version of the rows that lie staged; None where there are none or they could not be read."""
    release = read_load(staged_folder(settings, day))
    return None if release is None or release.fault else release.raw_version


def _journal_lines(landing: Landing, accepted: str | None) -> list[Outcome]:
    """The lines for a landing that leaves nothing to load; none when it is to be staged."""
    if landing.outcome in ("landed", "unchanged"):
        version = raw_version(landing.files)
        return _lines(landing, "unchanged", landing.reason, version) if version == accepted else []
    return _lines(landing, landing.outcome, landing.reason, None)


def _lines(landing: Landing, outcome: str, reason: str | None, version: str | None) -> list[Outcome]:
    """One line for each landed file; for each required table where none is landed."""
    named: list[tuple[str, str, int | None, str | None, str | None]]
    named = [(file.table, file.file_name, file.bytes, file.sha256, file.url) for file in landing.files]
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
        for table, file_name, size, sha256, url in named or [(table, "", None, None, None) for table in REQUIRED]
    ]
