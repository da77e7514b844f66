"""Every rule holds on a good release, and a release with one fault breaks its check and no other."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from expectations.suites import SUITES
from expectations.volumes import TRAILING_WEEKS
from pipeline.ingest.formats.ams import TABLES
from pipeline.quality.gate import CHECKS, CheckResult, validate_releases
from pipeline.settings import load_settings
from pipeline.state.release_outcomes import Outcome, append_outcomes
from tests.expectations.breakers import BREAKERS, Breaker
from tests.quality.staging import Release

GOOD = (date(2009, 7, 1), date(2009, 7, 2))
DAYS = {breaker: date(2010 + number, 7, 1) for number, breaker in enumerate(BREAKERS)}
"""A year for each, so that no release is in the trailing weeks of another."""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[date, list[CheckResult]]:
    """One validation of all releases, as in a backfill."""
    settings = load_settings(_env_file=None, home=tmp_path_factory.mktemp("home"))
    for day in GOOD:
        Release(day).write(settings)
    outcomes = []
    for breaker, day in DAYS.items():
        _broken(breaker, day).write(settings)
        for weeks in range(1, TRAILING_WEEKS + 1):
            outcomes += [_loaded(day - timedelta(weeks=weeks), *entry) for entry in breaker.usual.items()]
        outcomes += [_loaded(day, *entry) for entry in breaker.before.items()]
    append_outcomes(settings, outcomes)
    found = validate_releases(settings, [*GOOD, *DAYS.values()])
    by_day: dict[date, list[CheckResult]] = {}
    for result in found:
        by_day.setdefault(result.release_date, []).append(result)
    return by_day


def test_good_release_passes_every_check_there_is(results: dict[date, list[CheckResult]]) -> None:
    for day in GOOD:
        assert [result for result in results[day] if not result.passed] == []
        made = [(result.table, result.suite, result.blocking) for result in results[day]]
        assert sorted(made) == sorted((check.table, check.suite, check.blocking) for check in CHECKS)


@pytest.mark.parametrize("breaker", BREAKERS, ids=lambda breaker: breaker.name)
def test_fault_fails_its_check_and_no_other(breaker: Breaker, results: dict[date, list[CheckResult]]) -> None:
    failed = {
        f"{result.table} {result.suite} {'block' if result.blocking else 'warn'}": result.failed
        for result in results[DAYS[breaker]]
        if not result.passed
    }
    assert sorted(failed) == sorted(breaker.fails), failed
    says = {rule.measure.says for suite in SUITES for rule in suite.rules if rule.measure.name == breaker.measure}
    assert any(sentence.startswith(tuple(says)) for sentence in failed[breaker.fails[0]]), failed


def test_every_rule_has_been_broken() -> None:
    aimed_at = {(breaker.measure, *breaker.fails[0].split()[1:]) for breaker in BREAKERS}
    for suite in SUITES:
        rules = {(rule.measure.name, suite.name, "block" if rule.blocks else "warn") for rule in suite.rules}
        assert rules - aimed_at == set()


def _broken(breaker: Breaker, day: date) -> Release:
    tables = [table for table in TABLES if table != breaker.without]
    release = Release(day, bills=breaker.bills, tables=tables)
    if breaker.sql:
        release.sql.execute(breaker.sql)
    for table, recorded in breaker.recorded.items():
        release.recorded[table].update(recorded)
    return release


def _loaded(day: date, table: str, rows: int) -> Outcome:
    return Outcome(day, table, f"{table}.csv", "loaded", rows, rows, 0, 1, "0" * 64, None, None, "before")
