"""Explanations with all reasons, and uncertain decisions as a file that can be returned with answers."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]
import pytest

from pipeline.entities import registry
from pipeline.entities.matching import pairs
from pipeline.entities.matching.pairs import Neighbour
from pipeline.entities.overrides.load import load_overrides
from pipeline.entities.overrides.rows import COLUMNS, INFORMATION, write_sheet
from pipeline.entities.search.bills import bills_of_variants
from pipeline.entities.search.explain import UnknownVariantError, explain
from pipeline.entities.search.review import APART, TOGETHER, review
from pipeline.settings import Settings, load_settings
from pipeline.warehouse.connection import WarehouseError
from tests.entities.decided import NIGHT, decision, decisions, entities, entity, entity_id
from tests.entities.test_matching import WORLD, night, spellings

NEXT = NIGHT + timedelta(days=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path / "home")


def bills(settings: Settings, counts: dict[int, int]) -> None:
    """A warehouse in which each name variant ships so many bills."""
    settings.home.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute("""
            create or replace table fct_shipment (identifier varchar, supplier_id varchar, consignee_id varchar);
            create or replace table int_record (
                identifier varchar, shipper_spelling_id bigint, consignee_spelling_id bigint
            );
        """)
        number = 0
        for spelling, count in counts.items():
            for number in range(number + 1, number + count + 1):  # noqa: B020
                connection.execute("insert into fct_shipment values (?, 'sup_0123456789abcdef', null)", [number])
                connection.execute("insert into int_record values (?, ?, null)", [number, spelling])
        # a version that is not in force
        connection.execute("insert into int_record values ('old', ?, null)", [next(iter(counts), 0)])


BETA, BETTA, OTHER = "BETA TOYS LTD", "BETTA TOYS LTD", "BETA TOYS HANOI"


@pytest.fixture
def merged(settings: Settings) -> Settings:
    """Two entities of the first night became one in the second."""
    registry.write_batch(
        settings,
        decisions(
            decision(1, BETA, method="anchor", score=None),
            decision(2, BETTA, method="anchor", score=None),
            decision(3, OTHER, raw_address="HANOI"),
            decision(4, BETA, raw_address="9 HIGH STREET", method="same_words"),
            decision(
                5, "TO ORDER", is_order=True, role="none", entity_id=None, clean_name="", method="no_name", score=None
            ),
        ),
        entities(entity(BETA), entity(BETTA), entity(OTHER)),
        model="m1",
        release_days={},
    )
    registry.write_batch(
        settings,
        decisions(
            decision(
                2, BETTA, entity_id=entity_id(BETA), method="score", score=0.91, reasons="typed (+30); same city (+9)"
            )
        ),
        entities(entity(BETTA, status="merged", merged_into=entity_id(BETA), reason="the same firm as it")),
        model="m1",
        release_days={},
    )
    return settings


def near(settings: Settings, spelling_id: int, limit: int) -> list[Neighbour]:
    return [Neighbour(3, OTHER, "HANOI", entity_id(OTHER), 0.44, ("other places in the names (-31)",))][:limit]


def locked_warehouse(settings: Settings, spelling_id: int, limit: int) -> list[Neighbour]:
    raise WarehouseError("in use")


def test_explanation_has_decision_history_members_and_neighbours(merged: Settings) -> None:
    bills(merged, {4: 3, 1: 2})
    explained = explain(merged, "betta  toys ltd", nearest=near)
    assert (explained.decision["method"], explained.decision["score"], explained.decision["er_version"]) == (
        "score",
        0.91,
        "m1-000002",
    )
    assert explained.entity is not None
    assert explained.entity["entity_name"] == BETA
    assert [change.what for change in explained.history] == [
        "first seen",
        f"{entity_id(BETTA)} was merged into {entity_id(BETA)}: the same firm as it",
    ]
    assert [(member.raw_address, member.bills) for member in explained.members] == [
        ("9 HIGH STREET", 3),
        ("1 MAIN STREET", 2),
    ]
    assert explained.member_count == 2
    assert explained.rejected is not None
    assert explained.rejected[0].reasons == ("other places in the names (-31)",)


def test_most_used_address_is_explained_and_the_others_are_listed(merged: Settings) -> None:
    assert explain(merged, BETA, nearest=near).decision["spelling_id"] == 1
    bills(merged, {4: 3, 1: 2})
    explained = explain(merged, BETA, nearest=near)
    assert explained.decision["spelling_id"] == 4
    assert explained.also == (("1 MAIN STREET", entity_id(BETA)),)
    assert explain(merged, BETA, address="main", nearest=near).decision["spelling_id"] == 1


def test_explanation_is_given_without_warehouse_or_scores(merged: Settings) -> None:
    explained = explain(merged, BETTA, nearest=locked_warehouse)
    assert explained.rejected is None
    assert [member.bills for member in explained.members] == [None, None]


def test_variant_without_a_name_is_explained(merged: Settings) -> None:
    explained = explain(merged, "to order", nearest=lambda *_: [])
    assert (explained.entity, explained.members) == (None, ())


def test_unknown_variant_lists_the_nearest(merged: Settings) -> None:
    with pytest.raises(UnknownVariantError, match=r"nearest are:\n  BETA TOYS LTD"):
        explain(merged, "BETAA TOYS LTD")
    with pytest.raises(UnknownVariantError, match=r"not seen with such an address; it was with:\n  1 MAIN STREET"):
        explain(merged, BETA, address="BROADWAY")
    with pytest.raises(UnknownVariantError, match="no name variant"):
        explain(merged, BETA, kind="consignee")


def test_explanation_before_the_first_run_says_so(settings: Settings) -> None:
    with pytest.raises(UnknownVariantError, match="leverage run"):
        explain(settings, BETA)
    with pytest.raises(WarehouseError, match="leverage run"):
        review(settings, 5)


def test_explanation_has_the_overrides_in_force(merged: Settings, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "action,party_kind,spelling,value,who,why\nrename,supplier,BETTA TOYS LTD,Beta,Jane,their web page\n"
    )
    explained = explain(load_settings(home=merged.home, overrides=path), BETA, address="HIGH", nearest=near)
    assert explained.people == ("named Beta, says Jane: their web page",)


class Doubts:
    """Pairs of the fixture that are in doubt."""

    def __init__(self, *pairs: tuple[int, int, float]) -> None:
        self._pairs = pairs

    def uncertain(self, settings: Settings) -> pa.Table:
        columns = list(zip(*self._pairs, strict=True))
        names = ["left_spelling_id", "right_spelling_id", "score"]
        return pa.table(dict(zip(names, map(list, columns), strict=True)))

    def reasons_of(self, settings: Settings, asked: pa.Table) -> list[tuple[str, ...]]:
        return [("because", "of this")] * len(asked)


def test_questions_are_ordered_by_the_bills_that_an_answer_affects(merged: Settings) -> None:
    bills(merged, {1: 4, 2: 1, 3: 2, 4: 9})
    asked = review(merged, 10, Doubts((1, 3, 0.45), (3, 4, 0.48), (1, 2, 0.6)))
    assert [(row["question"], row["bills_affected"], row["score"]) for row in asked.rows] == [
        (APART, 2, 0.48),  # HANOI's two bills; the nearer of the two pairs
        (TOGETHER, 1, 0.6),
    ]
    assert asked.rows[0]["reasons"] == "because; of this"
    assert (asked.rows[0]["bills"], asked.rows[0]["other_bills"]) == (2, 14)
    assert (asked.doubtful, asked.bills_known) == (2, True)
    assert len(review(merged, 1, Doubts((1, 3, 0.45), (1, 2, 0.6))).rows) == 1


def test_without_a_warehouse_questions_are_ordered_by_uncertainty(merged: Settings) -> None:
    asked = review(merged, 10, Doubts((1, 3, 0.44), (1, 2, 0.51)))
    assert [row["score"] for row in asked.rows] == [0.51, 0.44]
    assert not asked.bills_known
    assert "bills_affected" not in asked.rows[0]


def test_answered_question_is_an_override_and_not_asked_again(merged: Settings, tmp_path: Path) -> None:
    doubts = Doubts((1, 3, 0.45), (3, 4, 0.48), (1, 2, 0.6))
    written = write_sheet(review(merged, 10, doubts).rows)
    header, *lines = list(csv.reader(io.StringIO(written)))
    assert tuple(header) == (*COLUMNS, *INFORMATION)
    filled = io.StringIO()
    writer = csv.writer(filled, delimiter=";")
    writer.writerow(header)
    for line in lines:
        row = dict(zip(header, line, strict=True)) | {"action": "split", "who": "Jane", "why": "web pages"}
        writer.writerow([row[name] for name in header])
    path = tmp_path / "answers.csv"
    path.write_text(filled.getvalue(), encoding="utf-8-sig")
    people = load_settings(home=merged.home, overrides=path)
    overrides = load_overrides(people, registry.read_decisions(people))
    assert set(overrides.cannot) == {(1, 2), (3, 4)}
    assert overrides.warnings == ()
    assert review(people, 10, doubts).rows == []


def test_bills_in_force_are_counted(settings: Settings) -> None:
    assert bills_of_variants(settings) is None
    bills(settings, {7: 2, 8: 1})
    assert bills_of_variants(settings).to_pylist() == [  # type: ignore[union-attr]
        {"spelling_id": 7, "bills": 2},
        {"spelling_id": 8, "bills": 1},
    ]
    assert len(bills_of_variants(settings, [8]) or ()) == 1


def test_explanation_and_review_read_the_resolvers_scores(settings: Settings) -> None:
    doubted = ("KELORVAX INTERNATIONAL CO LTD", "40 XUEYUAN ROAD, NINGBO CHINA")
    night(settings, pa.concat_tables([spellings(row, day=date(2026, 3, 2)) for row in [*WORLD, doubted]]))
    explained = explain(settings, "KELORVAX IMP EXP CO LTD UNIT II")
    assert explained.rejected
    assert explained.rejected[0].entity_id != explained.decision["entity_id"]
    assert explained.rejected[0].reasons
    assert [item.score for item in explained.rejected] == sorted(
        (item.score for item in explained.rejected), reverse=True
    )
    assert len({item.entity_id for item in explained.rejected}) == len(explained.rejected)
    assert explain(settings, "TO ORDER").rejected == ()
    doubtful = pairs.uncertain(settings)
    entity_of = {row["spelling_id"]: row["entity_id"] for row in registry.read_decisions(settings).to_pylist()}
    for row in doubtful.to_pylist():
        assert row["together"] == (entity_of[row["left_spelling_id"]] == entity_of[row["right_spelling_id"]])
        assert row["score"] < pairs.CERTAIN_FROM if row["together"] else row["score"] >= pairs.UNCERTAIN_FROM
    asked = review(settings, 10)
    assert doubted[0] in {row["other_spelling"] for row in asked.rows} | {row["spelling"] for row in asked.rows}
    assert asked.doubtful == len({(row["entity_id"], row["other_entity_id"]) for row in asked.rows})
    assert all(row["reasons"] for row in asked.rows)
