"""What the expectations accept is what the models know."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from expectations import codes, keys, weights
from expectations.suites import SUITES

PROJECT = Path(__file__).parents[2]


def test_accepted_units_are_those_that_become_kilograms() -> None:
    with (PROJECT / "dbt_project" / "seeds" / "weight_units.csv").open() as seed:
        known = {row["weight_unit"] for row in csv.DictReader(seed)}
    assert set(weights.UNITS) == known


def test_word_that_deletes_bills_is_that_of_the_models() -> None:
    models = (PROJECT / "dbt_project").rglob("*.sql")
    assert "Deleted" in codes.STATUSES
    assert any("'Deleted'" in model.read_text() for model in models)


def test_rules_of_a_suite_have_names_of_their_own() -> None:
    for suite in SUITES:
        names = [rule.name for rule in suite.rules]
        assert len(set(names)) == len(names), suite.name


@pytest.mark.parametrize(
    ("identifier", "accepted"),
    [("202001060", True), ("2020010626242", True), ("20200106", False), ("199901060", False), ("202001060.0", False)],
)
def test_form_of_identifiers(identifier: str, accepted: bool) -> None:
    assert bool(re.search(keys.IDENTIFIER, identifier)) == accepted
