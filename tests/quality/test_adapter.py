"""A validation must earn its pass."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from expectations.rules import COUNT, Rule, Suite, at_most, free_of, matching
from pipeline.quality.adapter import Verdicts, judged, new_context, validate
from pipeline.quality.figures import as_frame, counts, texts

DAYS = ["2026-11-02", "2026-11-03"]
RULE = at_most("spots", 3, tables=("header",), unit=COUNT, blocks=True, says="spots", advice="wipe them off")
CODE = matching("code", "^A", tables=("header",), blocks=False, says="codes", accepted="A...", advice="ask")
SECRET = free_of("secret", "jane", tables=("header",), blocks=True, says="secrets", advice="mask them")


@pytest.fixture(scope="module")
def context() -> Any:
    return new_context()


def _frame() -> pd.DataFrame:
    return as_frame(
        [
            counts(DAYS, "header", "spots", [1, 7]),
            texts(DAYS, "header", "code", ["A1", "B2"]),
            texts([*DAYS, DAYS[0]], "header", "secret", ["joe", "jane", None]),
        ]
    )


def _suite(name: str, *rules: Rule) -> Suite:
    return Suite(name, "for a test", rules)


def _validate(context: Any, suite: Suite, frame: pd.DataFrame) -> Verdicts:
    return validate(context, suite, suite.rules, frame, "run")


def test_broken_rows_are_found_again_by_their_place(context: Any) -> None:
    found = _validate(context, _suite("places", RULE, CODE), _frame())
    assert found.faults == ()
    assert found.broken == {0: [1], 1: [3]}


def test_places_are_found_where_values_are_withheld(context: Any) -> None:
    found = _validate(context, _suite("withheld", SECRET, RULE), _frame())
    assert found.faults == ()
    assert found.broken == {0: [5], 1: [1]}
    assert "jane" not in str(found.result.to_json_dict()).replace("'regex': 'jane'", "")


def test_no_rules_fail(context: Any) -> None:
    found = validate(context, _suite("without", RULE), (), _frame(), "run")
    assert found.faults == ("the suite without holds no expectations",)


def test_a_suite_without_rules_cannot_be_written_down() -> None:
    with pytest.raises(ValueError, match="would pass whatever comes"):
        _suite("nothing")


def test_an_empty_frame_fails(context: Any) -> None:
    found = _validate(context, _suite("empty", RULE), _frame().iloc[:0])
    assert found.faults == ("the suite empty was given no figures to look at",)


def test_an_exception_inside_fails(context: Any) -> None:
    bad = replace(CODE, arguments={"regex": "("})
    found = _validate(context, _suite("raises", RULE, bad), _frame())
    assert len(found.faults) == 1
    assert "raises, code: Great Expectations raised" in found.faults[0]


def test_fewer_results_than_rules_fail(context: Any) -> None:
    suite = _suite("fewer", RULE, CODE)
    result = _validate(context, suite, _frame()).result
    assert result is not None
    result.results.pop()
    found = judged(suite, suite.rules, {0: 2, 1: 2}, result)
    assert found.faults == ("Great Expectations gave 1 results for the 2 expectations of fewer",)


def test_looking_at_fewer_figures_fails(context: Any) -> None:
    suite = _suite("blind", RULE)
    result = _validate(context, suite, _frame()).result
    assert result is not None
    found = judged(suite, suite.rules, {0: 3}, result)
    assert found.faults == ("blind, spots max_value=3: 2 figures were looked at, not the 3 that there are",)


def test_a_failure_that_names_no_row_fails(context: Any) -> None:
    suite = _suite("mute", RULE)
    result = _validate(context, suite, _frame()).result
    assert result is not None
    result.results[0].result["unexpected_index_list"] = []
    found = judged(suite, suite.rules, {0: 2}, result)
    assert found.faults == ("mute, spots max_value=3: success is False, but 0 breaches are named",)
