"""docs/quality-rows.md lists every rule of the nightly tables, and what becomes of a row that would break it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from pipeline.project_files import DBT_PROJECT

PAGE: Final = Path(__file__).parents[2] / "docs" / "quality-rows.md"
KINDS: Final = {"refused", "quarantined", "repaired", "admitted"}
LAYERS: Final = ("staging", "intermediate", "marts")
"""Those that rows from outside reach; a week is computed from their tables."""


def rules() -> set[str]:
    """Return each data test of the nightly models, of `expression_is_true` each condition, and each constraint."""
    found = {path.stem for path in (DBT_PROJECT / "tests").rglob("*.sql") if path.parent.name in ("tests", "audit")}
    for layer in LAYERS:
        for path in (DBT_PROJECT / "models" / layer).rglob("*.yml"):
            for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
                found.update(_rules_of(model))
    return found


def _rules_of(model: dict[str, Any]) -> Iterator[str]:
    for holder in (model, *model.get("columns", [])):
        for test in holder.get("data_tests", []):
            name, given = next(iter(test.items())) if isinstance(test, dict) else (test, {})
            title = given.get("name", f"{model['name']}.{holder['name']}: {name}")
            conditions = given.get("arguments", {}).get("expressions")
            yield from (f"{title}: {condition}" for condition in conditions) if conditions else (title,)
        for constraint in holder.get("constraints", []):
            yield f"{model['name']}.{holder['name']}: {constraint['type']}"


def listed() -> dict[str, str]:
    """Return the kind of each rule in the page."""
    rows = re.findall(r"^\| (`.+?) \| (\w+) \| .+ \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    named = [(rule, kind) for cell, kind in rows for rule in cell.split("<br>")]
    assert len(named) == len({rule for rule, _ in named}), "a rule is listed twice"
    return {rule.replace("`", ""): kind for rule, kind in named}


def test_every_rule_says_what_becomes_of_a_row_that_would_break_it() -> None:
    assert rules() - listed().keys() == set(), "add the rule to docs/quality-rows.md"
    assert listed().keys() - rules() == set(), "the rule is gone: take it out of docs/quality-rows.md"
    assert set(listed().values()) == KINDS


def test_a_new_condition_or_constraint_is_a_rule() -> None:
    model = {
        "name": "t",
        "data_tests": [{"expression_is_true": {"name": "t_rows", "arguments": {"expressions": {"a": "b > 0"}}}}],
        "columns": [{"name": "c", "constraints": [{"type": "not_null"}], "data_tests": ["unique"]}],
    }
    assert set(_rules_of(model)) == {"t_rows: a", "t.c: not_null", "t.c: unique"}
