"""The evaluation finds the errors that were made, and no other."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from bench.mistakes import Mistakes
from bench.parties import agreements, main, report
from bench.resolving import BASELINE, entities_of
from simulator import known_variants as known

ROWS = [
    # name variant, firm, group, kinds
    (1, "ACME CO LTD", "supplier-1", "supplier-1", []),
    (2, "ACME COMPANY LIMITED", "supplier-1", "supplier-1", ["legal_form"]),
    (3, "ACNE CO LTD", "supplier-1", "supplier-1", ["typing_error"]),
    (4, "ACME (THAILAND) CO LTD", "supplier-2", "supplier-1", []),
    (5, "UMBRA INC", "supplier-3", "supplier-3", []),
    (6, "TO ORDER", None, None, []),
]


@pytest.fixture
def variants() -> pa.Table:
    return pa.table(
        {
            "spelling_id": [row[0] for row in ROWS],
            "party_kind": ["supplier"] * len(ROWS),
            "raw_name": [row[1] for row in ROWS],
            "raw_address": ["1 ROAD"] * len(ROWS),
            **{name: pa.nulls(len(ROWS), pa.string()) for name in ("city", "state", "zip", "country_code")},
            "first_run_date": [date(2026, 1, 1)] * len(ROWS),
            "firm_id": [row[2] for row in ROWS],
            "group_id": [row[3] for row in ROWS],
            "kinds": [row[4] for row in ROWS],
        },
        schema=known.SCHEMA,
    )


@pytest.fixture
def firms() -> pa.Table:
    return pa.table(
        {
            "firm_id": ["supplier-1", "supplier-2", "supplier-3"],
            "group_id": ["supplier-1", "supplier-1", "supplier-3"],
            "hard": ["national_sister", "national_sister", "none"],
            "other_firm_id": ["supplier-1", "supplier-1", "supplier-3"],
        }
    )


def found(*entities: str | None) -> pa.Table:
    return pa.table({"spelling_id": range(1, len(ROWS) + 1), "entity_id": pa.array(entities, pa.string())})


def test_figures_leave_out_variants_without_a_name(variants: pa.Table, firms: pa.Table) -> None:
    measured = agreements(variants, firms, found("x", "x", "y", "x", "z", "z"))
    assert measured["pairs"].precision == 1 / 3
    assert measured["pairs"].recall == 1 / 3
    assert measured["pairs, suppliers"] == measured["pairs"]


def test_precision_on_sisters_sees_their_group_only(variants: pa.Table, firms: pa.Table) -> None:
    measured = agreements(variants, firms, found("x", "x", "x", "y", "y", None))
    assert measured["pairs of sisters"].f1 == 1
    assert measured["pairs"].precision == 3 / 4


def test_unresolved_variant_is_an_entity_of_its_own(variants: pa.Table, firms: pa.Table) -> None:
    measured = agreements(variants, firms, found("x", "x", None, None, None, None))
    assert (measured["pairs"].precision, measured["pairs"].recall) == (1, 1 / 3)


def test_wrongly_joined_firms_are_classified_by_their_relation(variants: pa.Table, firms: pa.Table) -> None:
    kinds = Mistakes(variants, firms, found("x", "x", "x", "x", "x", None)).joined()
    assert {kind.name.split()[0]: kind.mistakes for kind in kinds} == {"national_sister": 3, "unrelated": 4}
    (national,) = [kind for kind in kinds if kind.name.startswith("national")]
    assert "1 of 1 pairs of firms" in national.name
    assert "THAILAND" in national.examples[0]


def test_separated_variants_are_classified_by_their_kind(variants: pa.Table, firms: pa.Table) -> None:
    kinds = {kind.name: kind for kind in Mistakes(variants, firms, found("x", "x", "y", "z", "u", None)).separated()}
    assert {name: (kind.mistakes, kind.of) for name, kind in kinds.items()} == {
        "typing_error": (1, 1),
        "legal_form": (0, 1),
        "none": (0, 3),
    }
    assert "ACNE" in kinds["typing_error"].examples[0]
    assert "of  ACME CO LTD" in kinds["typing_error"].examples[0]


def test_largest_entity_and_variants_without_a_name_are_reported(variants: pa.Table, firms: pa.Table) -> None:
    mistakes = Mistakes(variants, firms, found("x", "x", "x", "x", "u", "x"))
    assert mistakes.largest()[:3] == ("x", 4, 2)
    assert mistakes.most_mixed()[:3] == ("x", 4, 1)
    assert mistakes.nameless() == (1, 1)


def test_the_baseline_is_equal_words(variants: pa.Table, firms: pa.Table, capsys: pytest.CaptureFixture[str]) -> None:
    resolve = entities_of(BASELINE)
    assert resolve is not None
    entities = resolve(variants)
    assert len(set(entities["entity_id"].to_pylist())) == len(ROWS)
    report(variants, firms, entities, errors=True)
    assert "pairs" in capsys.readouterr().out


def test_the_command_measures_a_crowd(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--variants", "600", "--seed", "4", "--only", BASELINE])
    printed = capsys.readouterr().out
    assert "600 invented name variants" in printed
    assert "B-cubed" in printed
    assert "peak" in printed
