"""The exit of a week: run its Great Expectations suites on the candidate tables and say what each found."""

from __future__ import annotations

from contextlib import closing

from expectations.week import FIXED_SUITES, volumes
from pipeline.quality.gate import CheckResult, check_profile
from pipeline.settings import Settings
from pipeline.snapshots.calendar import Week
from pipeline.snapshots.exit_figures import exit_figures, least_rows
from pipeline.snapshots.manifest import last_frozen
from pipeline.warehouse.connection import engine


def check_candidate(settings: Settings, week: Week) -> list[CheckResult]:
    """Check the candidate tables of `week`, and write the pages of `settings.validation_dir`.

    Returns:
        One result for each suite and table; `release_date` is the week's Monday.
    """
    last = last_frozen(settings, week)
    with closing(engine(settings, settings.warehouse_path, read_only=True)) as connection:
        frame = exit_figures(connection, week, last)
        suites = (*FIXED_SUITES, volumes(least_rows(connection)))
    day = week.monday.isoformat()
    return check_profile(settings, suites, frame, lambda rule: frozenset((day, table) for table in rule.measure.tables))


def checked_tables() -> dict[tuple[str, str], str]:
    """What is looked at, by suite and table, in words: the checks as they can be declared without running."""
    told: dict[tuple[str, str], list[str]] = {}
    for suite in (*FIXED_SUITES, volumes(0)):
        for rule in suite.rules:
            for table in rule.measure.tables:
                told.setdefault((suite.name, table), []).append(rule.measure.says)
    return {key: "; ".join(says) for key, says in told.items()}
