"""What the expectations accept is what the models know."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from expectations import codes, keys, weights
from expectations.seeds import CODE_WORD, words
from expectations.suites import SUITES

PROJECT = Path(__file__).parents[2]


def test_word_that_deletes_bills_is_that_of_the_models() -> None:
    models = (PROJECT / "dbt_project").rglob("*.sql")
    assert "Deleted" in words("code_words", "code", kind="record_status")
    assert any("'Deleted'" in model.read_text() for model in models)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "DELETED",
            "Deleted",
            " deleted.",
            "metric  tons",
            "House bill",
            "\tNew",
            "(deleted)",
            "*DELETED*",
            "Record-Deleted",
        ),
        *("Voided", "CXL.", "Withdrawn", "bill_deleted", "Cancellation", "Revised", "CORRECTED", "House B/L", "MBL."),
    ],
)
def test_word_is_brought_to_the_form_of_the_seeds(text: str) -> None:
    form = duckdb.execute(f"select {CODE_WORD.format('word')} from (select $1 as word)", [text]).fetchall()[0][0]
    assert form in {*codes.STATUSES, *codes.BILL_TYPES, *weights.UNITS}


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
