"""The exit of a week: run its Great Expectations suites on the candidate tables and say what each found."""

from __future__ import annotations

from contextlib import closing

import pandas as pd

from expectations.rules import Suite
from expectations.week import FIXED_SUITES, volumes
from pipeline.quality import words
from pipeline.quality.adapter import new_context, validate
from pipeline.quality.checks import CheckResult
from pipeline.quality.pages import run_name, write_pages
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
    context = new_context()
    run = run_name([week.monday])
    results = [
        result
        for suite in suites
        for result in _results(
            week, suite, frame[frame["measure"].isin([rule.measure for rule in suite.rules])], run, context
        )
    ]
    write_pages(settings, context, run, results)
    return results


def checked_tables() -> dict[tuple[str, str], str]:
    """What is looked at, by suite and table, in words: the checks as they can be declared without running."""
    told: dict[tuple[str, str], list[str]] = {}
    for suite in (*FIXED_SUITES, volumes(0)):
        for rule in suite.rules:
            for table in rule.tables:
                told.setdefault((suite.name, table), []).append(rule.says)
    return {key: "; ".join(says) for key, says in told.items()}


def _results(week: Week, suite: Suite, frame: pd.DataFrame, run: str, context: object) -> list[CheckResult]:
    frame = frame.reset_index(drop=True)
    verdicts = validate(context, suite, suite.rules, frame, run)  # type: ignore[arg-type]
    found = []
    for table in sorted({table for rule in suite.rules for table in rule.tables}):
        sentences = list(verdicts.faults)
        rules = [(number, rule) for number, rule in enumerate(suite.rules) if table in rule.tables]
        for number, rule in rules:
            mine = frame[(frame["measure"] == rule.measure) & (frame["table_name"] == table)]
            broken = mine[mine.index.isin(verdicts.broken.get(number, []))].to_dict("records")
            if mine.empty:
                sentences.append(words.missing(rule))
            elif broken:
                sentences.append(words.sentence(rule, broken))
        told = {"expectations": len(rules)}
        found.append(CheckResult(week.monday, table, suite.name, True, not sentences, tuple(sentences), {**told}))
    return found
