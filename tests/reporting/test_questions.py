"""What to say to a supplier: each template filled from the row's figures, in documents and in the BI copy alike."""

from __future__ import annotations

import csv
import re
from typing import Any

import duckdb
import pytest

from pipeline.formatting import NumberFormat
from pipeline.project_files import WEEKLY_SEEDS
from pipeline.reporting.alerts.headline import Cast, headline
from pipeline.reporting.market import Market
from pipeline.reporting.questions import TEXTS, Questions, fill_texts, posture_text, questions_for

ROW: dict[str, Any] = {
    "as_of_week": "2026-W45",
    "revision": 1,
    "supplier_id": "s",
    "consignee_id": "c",
    "hs4": "all",
    "question_id": "partner_other",
    "posture": "partner",
    "volume_unit": "teu",
    "share_of_supplier": 0.185,
    "share_of_buyer": 0.965,
    "unnamed_volume_52w": 8.0,
    "supplier_volume_52w": 312.0,
    "share_basis": "supplier",
    "alternatives": 2,
    "alternatives_seen": 5,
    "volume_52w": 52.0,
    "commitment_volume": 26.0,
}
OWN: dict[str, Any] = {
    "volume_unit": "teu",
    "volume_52w": 52.0,
    "containers_per_month": 2.5,
    "bills_per_month": 2.0,
    "customers": 3,
}
LARGEST: dict[str, Any] = {"volume_unit": "teu", "volume_52w": 208.0, "containers_per_month": 1049.5}
READY = Market("7325", 2, 5, (("PERDOVANTI", "A"), ("SILUFTIPRA", "A")))


def questions(
    *, row: dict[str, Any] | None = None, own: dict[str, Any] | None = None, market: Market = READY
) -> Questions:
    return questions_for(ROW | (row or {}), OWN | (own or {}), LARGEST, market)


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
        "Your largest US customer takes 1,050 containers a month; we take 2.5, and you are 96% of what we buy. What "
        "would another 1.2 containers a month change for you?"
    )
    of_product = questions(row={"hs4": "7325", "question_id": "longer_term_other"})
    assert of_product.opening_question == (
        "You are 96% of what we buy of HS 7325. What is a two-year volume worth to you?"
    )


@pytest.mark.parametrize(
    ("ours", "top", "text"),
    [
        (1000.0, 50_000.0, "takes 4,167 kg a month; we take 83.3, and"),
        (24e6, 548e6, "takes 45,667 tonnes a month; we take 2,000, and"),
        (24e6, 2.4e9, "takes 200 thousand tonnes a month; we take 2 thousand tonnes, and"),
        (600.0, 600e6, "takes 50,000 tonnes a month; we take 50 kg, and"),
    ],
)
def test_both_sides_are_in_the_unit_of_the_larger(ours: float, top: float, text: str) -> None:
    in_kg = {"volume_unit": "kg"}
    made = questions_for(
        ROW | in_kg | {"commitment_volume": ours / 2},
        OWN | in_kg | {"volume_52w": ours},
        in_kg | {"volume_52w": top},
        READY,
    )
    assert made.opening_question is not None
    assert text in made.opening_question


def test_a_buyer_of_few_shipments_speaks_of_the_year() -> None:
    rare = questions(own={"bills_per_month": 2 / 12, "volume_52w": 4.0, "containers_per_month": 1 / 6})
    assert rare.opening_question is not None
    assert "takes 12,594 containers a year; we take 2, and" in rare.opening_question


@pytest.mark.parametrize("question_id", ["quote_other", "build_other", "partner_other", "compare_largest"])
@pytest.mark.parametrize(
    ("market", "text"),
    [
        (
            READY,
            "PERDOVANTI and SILUFTIPRA ship these goods (HS\N{NO-BREAK SPACE}7325) and have shown room for our volume.",
        ),
        (Market("7325", 1, 9, (("PERDOVANTI", "A"), ("X", "B"))), "PERDOVANTI ships these goods"),
        (Market("7325", 7, 9, (("PERDOVANTI", "A"),)), "7 other suppliers (PERDOVANTI among them) ship these goods"),
        (Market("7325", 0, 2, (("X", "B"), ("Y", "C"))), "whether they could take our volume the records do not show."),
        (
            Market("7325", 0, 1, (("X", "C"),)),
            "7325) before; whether it could",
        ),
        (Market("7325", 0, 0), "the records show no other steady supplier of these goods"),
        (Market(None, 0, 0), "do not show what the goods are"),
        (
            Market("7325", 0, None, is_outside=True),
            "ho else supplies these goods (HS\N{NO-BREAK SPACE}7325) cannot be seen",
        ),
    ],
)
def test_the_honest_answer_says_what_the_market_shows(question_id: str, market: Market, text: str) -> None:
    answer = questions(row={"question_id": question_id}, market=market).honest_answer
    assert answer is not None
    assert text in answer.replace("The records", "the records")
    assert answer.startswith("Nowhere soon") == (question_id == "partner_other" and market.statement == "none")


def test_a_row_without_a_posture_has_no_questions() -> None:
    assert questions(row={"question_id": None}) == Questions()
    assert posture_text(None) is None
    assert posture_text("quote") == "Quote the alternatives."


def test_texts_of_a_table_are_those_of_its_rows() -> None:
    """A quiet row stays without texts; a revision is worded from its own figures."""
    texts = dict.fromkeys(TEXTS)
    rows = [
        ROW | texts | {"hs4": "7325"},
        ROW | texts | {"hs4": "7325", "revision": 2, "alternatives": 1},
        ROW | texts | {"hs4": "1", "question_id": None},
    ]
    keys = {"as_of_week": "2026-W45", "supplier_id": "s"}
    tiers = [
        keys | {"revision": revision, "consignee_id": who, "customer_rank": rank} | OWN | figures
        for revision in (1, 2)
        for who, rank, figures in (("c", 2, OWN), ("big", 1, LARGEST))
    ]
    offers = [
        keys
        | {"consignee_id": "c", "hs4": "7325", "revision": revision, "rank": rank, "grade": "A"}
        | {"alternative_supplier_id": who}
        for revision in (1, 2)
        for rank, who in enumerate(("s", "other", "far"), start=1)
    ]
    names = [{"supplier_id": who, "supplier_name": who.upper()} for who in ("s", "other")]
    tables = {"leverage": rows, "tier": tiers, "alternative": offers, "supplier": names}
    with duckdb.connect() as connection:
        for name, held in tables.items():
            import pyarrow as pa  # type: ignore[import-untyped]

            connection.register("held", pa.Table.from_pylist(held))
            connection.execute(f"create table {name} as select * from held")
        for name in TEXTS:
            connection.execute(f"alter table leverage alter {name} type varchar")
        fill_texts(connection, *tables, target="filled")
        found = connection.execute(f"select {', '.join(TEXTS)} from filled order by hs4, revision").fetchall()
    quiet, *filled = found
    assert quiet == (None, None, None)
    both = Market("7325", 2, 5, (("OTHER", "A"), ("far", "A")))
    assert filled[0] == tuple(vars(questions(row={"hs4": "7325"}, market=both)).values())
    assert "OTHER ships these goods" in filled[1][2]


def test_a_tier_that_moves_against_the_share_names_the_share_of_now_only() -> None:
    row = {"alert_type": "tier_crossed", "threshold": "C>B", "from_value": 0.33, "to_value": 0.29}
    text = headline(row, Cast("MILL", "BIG CO", None), NumberFormat())
    assert text == "BIG CO moved up from tier C to B at MILL: it has 29% of its volume."
