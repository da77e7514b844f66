"""What to say to a supplier: each template filled from the row's figures, in documents and in the BI copy alike."""

from __future__ import annotations

import csv
import re
from typing import Any

import duckdb
import pytest

from pipeline.project_files import WEEKLY_SEEDS
from pipeline.reporting.questions import TEXTS, Questions, fill_texts, posture_text, questions_for

ROW: dict[str, Any] = {
    "as_of_week": "2026-W45",
    "revision": 1,
    "supplier_id": "s",
    "consignee_id": "c",
    "hs4": "all",
    "question_id": "partner_other",
    "volume_unit": "teu",
    "share_of_supplier": 0.185,
    "share_of_buyer": 0.965,
    "unnamed_volume_52w": 8.0,
    "supplier_volume_52w": 312.0,
    "alternatives": 2,
    "commitment_volume": 26.0,
}
OWN: dict[str, Any] = {"volume_unit": "teu", "volume_52w": 52.0, "containers_per_month": 2.5, "customers": 3}
LARGEST: dict[str, Any] = {"volume_unit": "teu", "volume_52w": 208.0, "containers_per_month": 1049.5}


def questions(*, row: dict[str, Any] | None = None, own: dict[str, Any] | None = None) -> Questions:
    return questions_for(ROW | (row or {}), OWN | (own or {}), LARGEST)


def question_ids() -> list[str]:
    with (WEEKLY_SEEDS / "question.csv").open(encoding="utf-8", newline="") as file:
        return [row["question_id"] for row in csv.DictReader(file)]


@pytest.mark.parametrize("question_id", question_ids())
@pytest.mark.parametrize("unit", ["teu", "kg"])
def test_every_template_is_filled(question_id: str, unit: str) -> None:
    made = questions(row={"question_id": question_id, "volume_unit": unit}, own={"volume_unit": unit})
    for name in TEXTS:
        text = getattr(made, name)
        assert re.search(r"[.?]$", text)
        assert not re.search(r"[{}]|\bNone\b(?! that)|\bnan\b|  ", text)


def test_a_share_is_of_what_the_buyer_buys() -> None:
    made = questions()
    assert made.opening_question == (
        "Your largest US customer takes 1,050 containers a month; we take 2.5, and you are 97 % of what we buy. What "
        "would another 2.2 TEU a month change for you?"
    )
    of_product = questions(row={"hs4": "7325", "question_id": "longer_term_other"})
    assert of_product.opening_question == (
        "You are 97 % of what we buy of HS 7325. What is a two-year volume worth to you?"
    )


def test_less_than_a_tonne_a_month_is_given_in_kilograms_on_both_sides() -> None:
    small = questions(own={"volume_unit": "kg", "volume_52w": 1000.0})
    assert small.opening_question is not None
    assert small.opening_question.startswith("Your largest US customer takes 17 kg a month; we take 83, and")
    large = questions(own={"volume_unit": "kg", "volume_52w": 24_000.0}, row={"question_id": "secure_other"})
    assert large.honest_answer is not None
    assert large.honest_answer.startswith("We took 2 tonnes a month")


@pytest.mark.parametrize(
    ("count", "text"), [(0, "no other supplier"), (1, "1 other supplier"), (2, "2 other suppliers")]
)
def test_alternatives_are_counted_in_words(count: int, text: str) -> None:
    made = questions(row={"alternatives": count, "question_id": "quote_other"})
    assert made.honest_answer is not None
    assert f"show {text} that" in made.honest_answer


def test_a_row_without_a_posture_has_no_questions() -> None:
    assert questions(row={"question_id": None}) == Questions()
    assert posture_text(None) is None
    assert posture_text("quote") == "Quote the alternatives."


def test_texts_of_a_table_are_those_of_its_rows() -> None:
    """A quiet row stays without texts; a revision is worded from its own figures."""
    texts = dict.fromkeys(TEXTS)
    rows = [
        ROW | texts,
        ROW | texts | {"revision": 2, "alternatives": 1},
        ROW | texts | {"hs4": "1", "question_id": None},
    ]
    keys = {"as_of_week": "2026-W45", "supplier_id": "s"}
    tiers = [
        keys | {"revision": revision, "consignee_id": who, "customer_rank": rank} | OWN | figures
        for revision in (1, 2)
        for who, rank, figures in (("c", 2, OWN), ("big", 1, LARGEST))
    ]
    with duckdb.connect() as connection:
        for name, held in (("leverage", rows), ("tier", tiers)):
            import pyarrow as pa  # type: ignore[import-untyped]

            connection.register("held", pa.Table.from_pylist(held))
            connection.execute(f"create table {name} as select * from held")
        for name in TEXTS:
            connection.execute(f"alter table leverage alter {name} type varchar")
        fill_texts(connection, "leverage", "tier", "filled")
        found = connection.execute(f"select {', '.join(TEXTS)} from filled order by hs4, revision").fetchall()
    quiet, first, second = found
    assert quiet == (None, None, None)
    assert first == tuple(vars(questions()).values())
    assert second == tuple(vars(questions(row={"alternatives": 1})).values())
