"""A failed check explains itself: the rule, what was found and expected, what to do."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest

from pipeline.defs import dbt, dbt_rules, releases
from pipeline.quality.gate import CheckResult
from pipeline.state.release_outcomes import Outcome

DAY = date(2026, 3, 2)
LINKS = next(spec for spec in releases.check_specs() if spec.name == "links")
FAULT = "rows whose identifier has no header: 91.9 % (57 of 62); accepted: at most 10 %"


def _found(day: date, *failed: str) -> CheckResult:
    return CheckResult(day, "billgen", "links", True, not failed, failed, {"expectations": 2})


def test_a_refused_release_names_rule_figures_and_next_step() -> None:
    results = [_found(DAY, FAULT), _found(date(2026, 3, 3))]
    result = releases.check_result(LINKS, results, stops_run=True)
    assert not result.passed
    assert result.severity is dg.AssetCheckSeverity.ERROR
    assert result.description == f"2026-03-02 billgen: {FAULT}"
    (record,) = result.metadata["failed rules"].records  # type: ignore[union-attr]
    assert dict(record.data) == {"release day": "2026-03-02", "table": "billgen", "found and expected": FAULT}  # type: ignore[union-attr]
    assert "docs/operating.md" in str(result.metadata["what to do"].value)  # type: ignore[union-attr]


def test_a_refused_release_does_not_end_the_run_of_a_range() -> None:
    result = releases.check_result(LINKS, [_found(DAY, FAULT)], stops_run=False)
    assert (result.passed, result.severity) == (False, dg.AssetCheckSeverity.WARN)


def test_a_passed_check_needs_no_explanation() -> None:
    result = releases.check_result(LINKS, [_found(DAY)], stops_run=True)
    assert result.passed
    assert result.description is None
    assert "what to do" not in result.metadata


@pytest.mark.parametrize(("status", "failures"), [("fail", 3), ("error", None), ("warn", 1), ("pass", 0)])
def test_a_dbt_test_explains_its_failure(status: str, failures: int | None) -> None:
    node = SimpleNamespace(
        name="unique_shipment", description="One row per shipment.", compiled_code="select 1", raw_code=""
    )
    outcome: Any = SimpleNamespace(node=node, status=status, failures=failures, message="Catalog Error: no such column")
    result = dbt.check_result(outcome, dg.AssetKey("fct_shipment"))
    assert result.passed == (status == "pass")
    if result.passed:
        assert result.description is None
        return
    found = f"{failures} failing rows" if failures else "Catalog Error: no such column"
    assert result.description == f"One row per shipment: found {found}, expected none"
    assert result.metadata["found"] == dg.MetadataValue.text(found)
    assert "select 1" in str(result.metadata["query"].value)  # type: ignore[union-attr]
    assert result.severity is (dg.AssetCheckSeverity.WARN if status == "warn" else dg.AssetCheckSeverity.ERROR)


def test_the_rows_of_a_raw_table_are_those_of_the_newest_load_of_each_day() -> None:
    def line(day: int, rows: int, version: str, file: str = "h") -> Outcome:
        return Outcome(date(2026, 3, day), "header", file, "loaded", rows, rows, 0, 1, None, None, None, version)

    outcomes = [line(1, 5, "v1"), line(2, 7, "v1"), line(2, 4, "v1", "h2"), line(1, 3, "v2"), line(1, 3, "v2")]
    assert releases.raw_rows(outcomes) == {"header": 14}


@pytest.mark.parametrize(
    ("name", "given", "rule"),
    [
        ("unique_combination_of_columns", {"combination_of_columns": ["a", "b"]}, "One row for each a, b."),
        ("expression_is_true", {"expressions": {"a is small": "a\n  < 2"}}, "* a is small: `a < 2`\n"),
        ("sum_is_one", {"column": "part", "group_by_columns": ["a"]}, "part adds up to 1 for each a."),
        ("relationships", {"column_name": "a", "field": "b", "to": "ref('c')"}, "Each a is a b of ref('c')."),
        ("accepted_values", {"column_name": "a", "values": ["x", "y"]}, "a is one of x, y."),
        ("not_null", {"column_name": "a"}, "a is not null."),
        (None, {}, "Parts add up."),
    ],
)
def test_each_kind_of_dbt_test_says_its_rule(name: str | None, given: dict[str, object], rule: str) -> None:
    test = {"test_metadata": name and {"name": name, "kwargs": given}, "raw_code": "-- Parts add up.\nselect 1"}
    assert dbt_rules.rule_of(test) == rule


def test_a_test_in_a_file_of_its_own_is_a_check_of_the_one_model_it_reads() -> None:
    def node(kind: str, attached: str | None, *read: str) -> Any:
        return SimpleNamespace(
            resource_type=kind, attached_node=attached, depends_on=SimpleNamespace(nodes=list(read)), name="whole"
        )

    assert dbt.tested_node(node("test", "model.a", "model.b", "model.a")) == "model.a"
    assert dbt.tested_node(node("test", None, "model.a")) == "model.a"
    assert dbt.tested_node(node("test", None, "model.a", "model.b")) == ""
    assert dbt.tested_node(node("model", None, "model.a")) == ""
