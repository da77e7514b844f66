from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from expectations import codes, completeness, conservation, keys, links, parties, schema, volumes
from expectations.rules import Suite
from pipeline.ingest.formats.ams import REQUIRED
from pipeline.ingest.paths import LOAD_NAME, staged_folder
from pipeline.ingest.staged import StagedRelease, write_load
from pipeline.quality import gate, staged_rows
from pipeline.quality.checkpoint import SuiteResult
from pipeline.quality.gate import CHECKS, CheckResult, validate_releases
from pipeline.quality.profile import Profile, in_chunks, profile_releases, staged_releases
from pipeline.settings import Settings
from pipeline.state.release_outcomes import Outcome, append_outcomes
from tests.quality.staging import BILLS, Release

DAY = date(2026, 11, 2)
Only = Callable[..., None]


def test_checks_can_be_listed_without_great_expectations() -> None:
    code = (
        "import sys, pipeline.quality.gate as gate; "
        "assert len(gate.CHECKS) > 100; sys.exit('great_expectations' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_checks_are_named_once_and_describe_what_they_expect() -> None:
    assert len({(check.table, check.suite, check.blocking) for check in CHECKS}) == len(CHECKS)
    assert all(check.description for check in CHECKS)


def test_only_sound_staged_days_are_checked(settings: Settings, only: Only) -> None:
    only(completeness.SUITE, schema.SUITE)
    assert validate_releases(settings, [DAY]) == []
    Release(DAY, bills=20).write(settings)
    unread = staged_folder(settings, DAY + timedelta(1))
    unread.mkdir(parents=True)
    write_load(StagedRelease(DAY + timedelta(1), "version", (), "header has no column weight"), unread)
    torn = staged_folder(settings, DAY + timedelta(2))
    torn.mkdir(parents=True)
    (torn / LOAD_NAME).write_text('{"raw_ver')
    results = validate_releases(settings, [DAY + timedelta(number) for number in range(4)])
    assert {result.release_date for result in results} == {DAY}
    assert [result for result in results if not result.passed] == []


def test_release_of_the_required_tables_alone_has_results_for_them_alone(settings: Settings) -> None:
    Release(DAY, bills=20, tables=REQUIRED).write(settings)
    results = validate_releases(settings, [DAY])
    assert {result.table for result in results} == {"release", *REQUIRED}
    assert all(result.passed for result in results)


def test_results_come_in_the_order_of_the_days(settings: Settings, only: Only) -> None:
    only(completeness.SUITE, schema.SUITE)
    days = [DAY + timedelta(2), DAY, DAY + timedelta(1)]
    for day in days:
        Release(day, bills=5, tables=REQUIRED).write(settings)
    results = validate_releases(settings, days)
    assert list(dict.fromkeys(result.release_date for result in results)) == days


def test_result_has_its_figures_and_sentences(settings: Settings, only: Only) -> None:
    only(codes.SUITE)
    release = Release(DAY)
    release.sql.execute("update header set record_status_indicator = 'GONE' where identifier % 10 = 3")
    release.write(settings)
    results = {(item.table, item.suite, item.blocking): item for item in validate_releases(settings, [DAY])}
    stopped = results["header", "codes", True]
    assert stopped == CheckResult(
        release_date=DAY,
        table="header",
        suite="codes",
        blocking=True,
        passed=False,
        failed=(
            "rows with an unknown record_status_indicator: 10 % (40 of 400); accepted: at most 1 %; add a new word "
            "with its meaning to dbt_project/seeds/code_words.csv; until then it deletes no bill",
        ),
        metadata={"expectations": 1, "unknown_status": 0.1},
    )
    assert (
        results["header", "codes", False]
        .failed[0]
        .startswith("values of record_status_indicator: 'GONE' in 40 rows; accepted: NEW, N, ADD")
    )


def test_chunks_give_the_same_results(settings: Settings, monkeypatch: pytest.MonkeyPatch, only: Only) -> None:
    only(conservation.SUITE, keys.SUITE, links.SUITE, parties.SUITE)
    days = [DAY + timedelta(number) for number in range(4)]
    for day in days:
        Release(day, bills=30).write(settings)
    whole = validate_releases(settings, days)
    monkeypatch.setattr("pipeline.quality.profile.PROFILED_ROWS", 500)
    assert len(list(in_chunks(staged_releases(settings, days)))) == 4
    assert validate_releases(settings, days) == whole


def test_samples_depend_on_the_rows_alone(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staged_rows, "SAMPLE_OF_DAY", 10)
    Release(DAY).write(settings)
    first = _sampled(settings)
    release = Release(DAY)
    release.sql.execute("create or replace table cargodesc as from cargodesc order by identifier desc")
    release.write(settings)
    assert _sampled(settings) == first
    assert len(first) == 10


def test_figure_that_the_profile_lacks_fails(settings: Settings, monkeypatch: pytest.MonkeyPatch, only: Only) -> None:
    only(keys.SUITE)
    Release(DAY, bills=20).write(settings)

    def lossy(*args: object) -> Profile:
        profile = profile_releases(*args)  # type: ignore[arg-type]
        lost = profile.frame["measure"].eq("missing_keys") & profile.frame["table_name"].eq("tariff")
        return replace(profile, frame=profile.frame[~lost])

    monkeypatch.setattr(gate, "profile_releases", lossy)
    (failed,) = [result for result in validate_releases(settings, [DAY]) if not result.passed]
    assert (failed.table, failed.blocking) == ("tariff", True)
    assert "no figure, though the table was delivered" in failed.failed[0]


def test_fault_of_the_validation_fails_every_check_of_the_suite(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    Release(DAY, bills=20).write(settings)

    def broken(_folder: object, suites: Sequence[Suite], *_more: object) -> dict[str, SuiteResult]:
        return {suite.name: SuiteResult({}, ("the engine is down",)) for suite in suites}

    monkeypatch.setattr(gate, "run_checkpoint", broken)
    results = validate_releases(settings, [DAY])
    assert len(results) == len(CHECKS)
    assert all(not result.passed and result.failed == ("the engine is down",) for result in results)


def test_day_published_again_with_fewer_rows_warns_and_is_loaded(settings: Settings, only: Only) -> None:
    only(completeness.SUITE, volumes.SUITE)
    _journal(settings, DAY, {"header": BILLS + 50, "tariff": BILLS})
    Release(DAY).write(settings)
    failed = [result for result in validate_releases(settings, [DAY]) if not result.passed]
    assert [(result.table, result.suite, result.blocking) for result in failed] == [("header", "volumes", False)]
    assert "0.889 times (400 against 450); accepted: at least 1 times" in failed[0].failed[0]


def test_cumulative_files_may_start_again_in_january(settings: Settings, only: Only) -> None:
    only(completeness.SUITE, volumes.SUITE)
    day = date(2027, 1, 4)
    for weeks in range(1, 9):
        _journal(settings, day - timedelta(weeks=weeks), {"tariff": 50 * BILLS})
    Release(day).write(settings)
    failed = [result for result in validate_releases(settings, [day]) if not result.passed]
    assert [(result.table, result.suite, result.blocking) for result in failed] == [("tariff", "volumes", False)]


def test_days_of_a_range_are_each_others_past(settings: Settings, only: Only) -> None:
    only(completeness.SUITE, volumes.SUITE)
    days = [DAY + timedelta(weeks=number) for number in range(6)]
    for day in days[:-1]:
        Release(day).write(settings)
    Release(days[-1], bills=30).write(settings)
    failed = [result for result in validate_releases(settings, days) if not result.passed]
    assert {(result.release_date, result.suite) for result in failed} == {(days[-1], "volumes")}


def _sampled(settings: Settings) -> list[str]:
    frame = profile_releases(settings, staged_releases(settings, [DAY])).frame
    chosen = frame["measure"].eq("sampled_identifier") & frame["table_name"].eq("cargodesc")
    return frame.loc[chosen, "text"].tolist()


def _journal(settings: Settings, day: date, rows: dict[str, int]) -> None:
    append_outcomes(
        settings,
        [
            Outcome(day, table, f"{table}.csv", "loaded", number, number, 0, 1, "0" * 64, None, None, "before")
            for table, number in rows.items()
        ],
    )
