"""Check staged release days, store the verdicts, and journal the refused ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipeline.ingest.acceptance.verdicts import (
    Verdict,
    passed_days,
    refused_days,
    staged_days,
    staged_version,
    write_verdict,
)
from pipeline.ingest.land import Landing, landed
from pipeline.ingest.nightly import outcome_lines
from pipeline.progress import Progress
from pipeline.quality.gate import CheckResult, validate_releases
from pipeline.settings import Settings
from pipeline.state.release_outcomes import append_outcomes


def check_days(settings: Settings, days: Sequence[date], progress: Progress) -> list[CheckResult]:
    """Run the checks on those of `days` that are staged and not checked yet.

    A day that was refused before is checked again when it is the only one: its run then says why it is refused.
    """
    done = {*passed_days(settings, days), *(refused_days(settings, days) if len(days) > 1 else ())}
    unchecked = [day for day in staged_days(settings, days) if day not in done]
    progress.started("check", len(unchecked))
    results = validate_releases(settings, unchecked)
    failed_on: dict[date, list[CheckResult]] = {}
    for result in results:
        if not result.passed:
            failed_on.setdefault(result.release_date, []).append(result)
    for day in unchecked:
        version = staged_version(settings, day)
        if version is None:
            continue
        failed = failed_on.get(day, [])
        reason = "; ".join(_sentence(result) for result in failed if result.refuses) or None
        partial: dict[str, str] = {}
        for result in failed:
            if result.blocking and not result.refuses:
                before = f"{partial[result.table]}; " if result.table in partial else ""
                partial[result.table] = before + _sentence(result)
        write_verdict(settings, day, Verdict(version, reason is None, reason, partial))
        if reason:
            landing = landed(settings, day) or Landing(day, "failed", (), None)
            append_outcomes(settings, outcome_lines(landing, "failed", reason, version))
        for result in failed:
            progress.warned(f"{day}: {_sentence(result)}")
        progress.advanced(f"{day} {'refused' if reason else 'partial' if partial else 'passed'}")
    return results


def _sentence(result: CheckResult) -> str:
    return f"{result.suite} of {result.table}: {', '.join(result.failed)}"
