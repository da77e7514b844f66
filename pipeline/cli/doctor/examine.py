"""Run all checks; one that fails does not keep the others from running."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from pipeline.cli.doctor import records, results, surroundings
from pipeline.cli.doctor.finding import Finding
from pipeline.errors import PipelineError
from pipeline.settings import Settings, SettingsError, load_settings

Check = Callable[[Settings], Iterator[Finding]]

CHECKS: Final[tuple[Check, ...]] = (
    *(surroundings.home, surroundings.source, surroundings.schedules),
    *(records.journal, records.raw, records.parties, records.overrides, records.watchlist, records.warehouse),
    *(results.weeks, results.bi, results.delivery),
)


def examine() -> list[Finding]:
    """All findings; those that need the settings are left out where the settings are wrong."""
    findings = list(surroundings.versions())
    try:
        settings = load_settings()
    except SettingsError as error:
        return [*findings, *(Finding("settings", False, line) for line in str(error).splitlines())]
    findings.append(Finding("settings", True, "every LEVERAGE_ variable is accepted"))
    return [*findings, *(finding for check in CHECKS for finding in _checked(check, settings))]


def _checked(check: Check, settings: Settings) -> list[Finding]:
    """Findings of one check; what it cannot read is a finding too, so that the other checks still run."""
    try:
        return list(check(settings))
    except (PipelineError, OSError, ValueError) as error:
        return [Finding(check.__name__, False, str(error))]
