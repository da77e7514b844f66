"""The gate: check staged releases, many days in one go, and say what each check found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from expectations.suites import SUITES
from pipeline.quality.adapter import new_context, validate
from pipeline.quality.checks import CHECKS, Check, CheckResult
from pipeline.quality.due import asked
from pipeline.quality.pages import run_name, write_pages
from pipeline.quality.profile import profile_releases
from pipeline.quality.results import results_of
from pipeline.quality.staged import read_staged
from pipeline.settings import Settings

__all__ = ["CHECKS", "Check", "CheckResult", "validate_releases"]


def validate_releases(settings: Settings, days: Sequence[date]) -> list[CheckResult]:
    """Check those of `days` that are staged without a fault, and write the pages of `settings.validation_dir`.

    The cost follows the number of days and tables (seconds for a thousand days) plus DuckDB's reading of the rows.

    Returns:
        One result for each release day, delivered table (and `release`), suite and level, in the order of the days
        given. A table whose columns are wrong has the result of `schema` only, which blocks it.

    Raises:
        duckdb.Error: a staged file cannot be read.
        OSError: the pages cannot be written.
    """
    releases = read_staged(settings, days)
    if not releases:
        return []
    profile = profile_releases(settings, releases)
    context = new_context()
    run = run_name([release.day for release in releases])
    results: list[CheckResult] = []
    for suite in SUITES:
        question = asked(suite, profile)
        if question.rules:
            results += results_of(question, validate(context, suite, question.rules, question.frame, run))
    place = {release.day: number for number, release in enumerate(releases)}
    results.sort(key=lambda result: place[result.release_date])
    write_pages(settings, context, run, results)
    return results
