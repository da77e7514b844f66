"""What makes a validation fail besides broken rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from expectations.rules import TEXT, Measure, Rule, Suite
from pipeline.quality import checkpoint
from pipeline.quality.checkpoint import SuiteResult, read_results, run_checkpoint, wide_frame
from pipeline.quality.figures import as_frame, counts, texts

DAYS = ["2026-11-02", "2026-11-03"]
SPOTS = Measure("spots", ("header",), "spots").at_most(3, blocks=True, advice="wipe them off")
CODES = Measure("code", ("header",), "codes", TEXT).matching("^A", blocks=False, accepted="A...", advice="ask")


def profile() -> pd.DataFrame:
    return as_frame(
        [counts(DAYS, "header", "spots", [1, 7]), texts([*DAYS, DAYS[0]], "header", "code", ["A1", "B2", None])]
    )


def suite(name: str, *rules: Rule) -> Suite:
    return Suite(name, "for a test", rules)


def run(folder: Path, *suites: Suite, frame: pd.DataFrame | None = None) -> dict[str, SuiteResult]:
    return run_checkpoint(folder, suites, profile() if frame is None else frame, "run")


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What Great Expectations answers for one suite of both rules."""
    seen: list[Any] = []

    def caught(_suite: Suite, items: list[Any], *_more: object) -> SuiteResult:
        seen.extend(items)
        return SuiteResult({}, ())

    monkeypatch.setattr(checkpoint, "read_results", caught)
    run(tmp_path, suite("both", SPOTS, CODES))
    return seen


def read(items: list[Any], frame: pd.DataFrame | None = None) -> SuiteResult:
    both = suite("both", SPOTS, CODES)
    position = {("spots", day, "header"): row for row, day in enumerate(DAYS)}
    return read_results(both, items, wide_frame(profile() if frame is None else frame, [both]), position)


def test_broken_rows_are_those_of_the_profile(tmp_path: Path) -> None:
    found = run(tmp_path, suite("figures", SPOTS), suite("texts", CODES))
    assert found == {"figures": SuiteResult({0: [1]}, ()), "texts": SuiteResult({0: [3]}, ())}


def test_suite_without_rules_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="would always pass"):
        suite("nothing")


def test_empty_profile_is_a_fault(tmp_path: Path) -> None:
    found = run(tmp_path, suite("empty", SPOTS), frame=profile().iloc[:0])
    assert found["empty"].faults == ("the suite empty was given no figures",)


def test_exception_inside_is_a_fault_of_its_suite_only(tmp_path: Path) -> None:
    bad = replace(CODES, arguments={"regex": "("})
    found = run(tmp_path, suite("raises", SPOTS, bad), suite("sound", SPOTS))
    (fault,) = found["raises"].faults
    assert "raises, code: Great Expectations raised" in fault
    assert found["sound"].faults == ()


def test_fewer_results_than_rules_are_a_fault(results: list[Any]) -> None:
    assert read(results).faults == ()
    assert read(results[1:]).faults == ("Great Expectations gave 1 results for the 2 expectations of both",)


def test_fewer_figures_judged_than_there_are_is_a_fault(results: list[Any]) -> None:
    more = as_frame([counts([*DAYS, "2026-11-04"], "header", "spots", [1, 7, 1])])
    assert "both, spots max_value=3: 2 figures were judged, not the 3 that there are" in read(results, more).faults


def test_failure_that_names_no_row_is_a_fault(results: list[Any]) -> None:
    results[0].result["unexpected_index_list"] = []
    assert read(results).faults == ("both, spots max_value=3: success is False, but 0 breaches are named",)
