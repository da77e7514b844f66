"""The grade of an alternative: of each rule a case that meets it and one that breaks it, each a product."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.settings import Settings
from tests.dbt.conftest import empty
from tests.dbt.trade import Firm, Trade

Tables = dict[str, list[dict[str, Any]]]

YEAR = range(52)
EVEN, ODD = range(0, 52, 2), range(1, 52, 2)
BUSY = range(60, 73)
"""Thirteen weeks in which a candidate shipped more than it does now."""
NEEDED = 13
"""TEU: a quarter of one TEU a week."""


def buyer(trade: Trade, hs4: str, *, text: str = "IRON GOODS", **volume: Any) -> None:
    """A buyer that takes one TEU a week from one supplier, which serves no other customer."""
    trade.ship(hs4, "LARGEST", "BUYER", YEAR, text=text, **{"teu": 1, **volume})


def candidate(
    trade: Trade, hs4: str, name: str, spare: float = 26, *, text: str = "IRON GOODS", seen: int = 100
) -> None:
    """A supplier of two customers, a bill a week; its best 13 weeks are `spare` TEU above the last 13."""
    trade.ship(hs4, name, "ONE", EVEN, text=text)
    trade.ship(hs4, name, "TWO", ODD, text=text)
    # 26 TEU a quarter now, so much more then
    trade.ship(hs4, name, "ONE", BUSY, 2 + spare / 13, text=text)
    trade.ship(hs4, name, "ONE", [seen - 1], 1, text=text)


def cases() -> Trade:
    """All cases."""
    trade = Trade()
    buyer(trade, "1001")
    candidate(trade, "1001", "GOOD")

    for hs4, weeks in (("1011", [3, 20]), ("1012", [20])):
        buyer(trade, hs4)
        trade.ship(hs4, "SELDOM", "ONE", weeks[:1], 1)
        trade.ship(hs4, "SELDOM", "TWO", weeks[1:], 1)
        # a year of window, and a year's need: 52 TEU
        trade.ship(hs4, "SELDOM", "TWO", [60, 70, 80], 18)

    for hs4, customer, weeks in (
        ("1015", "BUYER", [3]),
        ("1016", "OFFICE", [3]),
        ("1017", None, [3]),
        ("1018", "ONE", [60]),
        ("1019", "ONE", [156]),
    ):
        buyer(trade, hs4)
        trade.ship(hs4, "OTHER", customer, weeks)
    trade.consignees |= {"BUYER": Firm(group="buyers"), "OFFICE": Firm(group="buyers")}

    for hs4, other in (("1021", "TWO"), ("1022", "ONE"), ("1023", "SISTER"), ("1024", None)):
        buyer(trade, hs4)
        trade.ship(hs4, "OF_FEW", "ONE", EVEN)
        trade.ship(hs4, "OF_FEW", other, ODD)
        trade.ship(hs4, "OF_FEW", "ONE", BUSY, 8)
    trade.consignees |= {"ONE": Firm(group="ones"), "SISTER": Firm(group="ones")}

    buyer(trade, "1031")
    trade.ship("1031", "MOVER", "ONE", EVEN, forwarder=True)
    trade.ship("1031", "MOVER", "TWO", ODD, forwarder=True)
    trade.ship("1031", "MOVER", "TWO", BUSY, 8, forwarder=True)
    buyer(trade, "1032")
    candidate(trade, "1032", "FORWARDER")
    trade.suppliers["FORWARDER"] = Firm(role="forwarder")

    for hs4, weeks in (("1041", 52), ("1042", 51)):
        buyer(trade, hs4)
        trade.ship(hs4, "YOUNG", "ONE", range(13), 1)
        trade.ship(hs4, "YOUNG", "TWO", range(weeks - 13, weeks), 4)

    for hs4, spare in (("1051", NEEDED), ("1052", NEEDED - 0.13)):
        buyer(trade, hs4)
        candidate(trade, hs4, "FULL", spare)
    for hs4, first in (("1053", 143), ("1054", 156)):
        buyer(trade, hs4)
        trade.ship(hs4, "LONG_AGO", "ONE", EVEN)
        trade.ship(hs4, "LONG_AGO", "TWO", ODD)
        trade.ship(hs4, "LONG_AGO", "TWO", range(first, first + 13), 10)

    for hs4, text in (("1061", "CAST IRON COVERS"), ("1062", "BRASS BALL VALVES")):
        buyer(trade, hs4, text="CAST IRON COVERS")
        trade.ship(hs4, "LARGEST", "OTHER BUYER", YEAR, 1, text="CAST IRON COVERS")
        candidate(trade, hs4, "ALIKE", text=text)
        for name in ("IRON WORKS", "BRASS WORKS"):
            candidate(trade, hs4, name, text="CAST IRON COVERS" if name == "IRON WORKS" else "BRASS BALL VALVES")

    buyer(trade, "1071", teu=0, kg=1000)
    for customer, weeks in (("ONE", EVEN), ("TWO", ODD)):
        trade.ship("1071", "LOOSE", customer, weeks, 0, kg=3000)
    trade.ship("1071", "LOOSE", "TWO", BUSY, 0, kg=5000)
    buyer(trade, "1072", teu=0, kg=10_000)
    candidate(trade, "1072", "BOXED")
    candidate(trade, "1072", "BOXED TOO", NEEDED - 0.13)

    buyer(trade, "1073", teu=0, kg=900_000_000)  # bulk

    for hs4, weeks in (("1074", [3]), ("1075", [3, 9]), ("1076", [3])):
        buyer(trade, hs4)
        firm = "BEGINNER" if hs4 == "1076" else "OF_OTHERS"
        trade.ship(hs4, firm, "ONE", weeks, 1)
        trade.ship("1077", firm, "ONE", range(20, 24 if hs4 == "1076" else 60), 1)

    buyer(trade, "1081")
    for name in ("UNIT ONE", "UNIT TWO", "GOOD"):
        candidate(trade, "1081", name)
    trade.ship("1081", "UNIT ONE", "BUYER", [3], 1)
    trade.suppliers |= {"UNIT ONE": Firm(group="units"), "UNIT TWO": Firm(group="units")}
    return trade


@pytest.fixture(scope="module")
def built(shared_home: Settings) -> Iterator[Tables]:
    empty(shared_home)
    yield cases().build(shared_home)
    empty(shared_home)


def listed(built: Tables, hs4: str, consignee: str = "BUYER", grades: str = "ABC") -> list[str]:
    """The alternatives of a buyer in order, its one supplier left out."""
    found = [row for row in built["snap_alternative"] if row["hs4"] == hs4 and row["consignee_id"] == consignee]
    in_order = sorted((row for row in found if row["grade"] in grades), key=lambda row: row["rank"])
    return [row["alternative_supplier_id"] for row in in_order if row["alternative_supplier_id"] != "LARGEST"]


def row_of(built: Tables, table: str, **wanted: Any) -> dict[str, Any]:
    (row,) = [row for row in built[table] if all(row[name] == value for name, value in wanted.items())]
    return row


@pytest.mark.parametrize(
    ("hs4", "grades"),
    [
        pytest.param("1001", {"GOOD": "A"}, id="a regular supplier with room"),
        pytest.param("1074", {}, id="a single week of a supplier of other goods may be a wrong code"),
        pytest.param("1075", {"OF_OTHERS": "B"}, id="two weeks of a supplier of other goods are none"),
        pytest.param("1076", {"BEGINNER": "B"}, id="nor is a single week where few others are known"),
        pytest.param("1011", {"SELDOM": "A"}, id="two bills to two customers, and room in a year"),
        pytest.param("1012", {"SELDOM": "B"}, id="one bill, however much it shipped before"),
        pytest.param("1015", {"OTHER": "C"}, id="a supplier of the buyer alone"),
        pytest.param("1016", {"OTHER": "C"}, id="a supplier of the buyer's sister alone"),
        pytest.param("1017", {"OTHER": "C"}, id="bills that name no customer"),
        pytest.param("1018", {"OTHER": "C"}, id="not in the last year"),
        pytest.param("1019", {}, id="more than three years ago"),
        pytest.param("1021", {"OF_FEW": "A"}, id="two customers"),
        pytest.param("1022", {"OF_FEW": "B"}, id="one customer"),
        pytest.param("1023", {"OF_FEW": "B"}, id="two customers of one group"),
        pytest.param("1024", {"OF_FEW": "B"}, id="one customer and bills that name none"),
        pytest.param("1031", {}, id="a forwarder's bills"),
        pytest.param("1032", {}, id="a firm that is a forwarder"),
        pytest.param("1041", {"YOUNG": "A"}, id="seen for 52 weeks"),
        pytest.param("1042", {"YOUNG": "B"}, id="seen for 51 weeks"),
        pytest.param("1051", {"FULL": "A"}, id="just the room that is asked for"),
        pytest.param("1052", {"FULL": "B"}, id="a hundredth less"),
        pytest.param("1053", {"LONG_AGO": "A"}, id="the oldest 13 of 156 weeks"),
        pytest.param("1054", {"LONG_AGO": "B"}, id="13 weeks before those"),
        pytest.param("1071", {"LOOSE": "A"}, id="loose cargo, in kilograms"),
        pytest.param(
            "1072", {"BOXED": "A", "BOXED TOO": "B"}, id="boxes without size, at the product's TEU a kilogram"
        ),
    ],
)
def test_the_grade_says_what_is_seen(built: Tables, hs4: str, grades: dict[str, str]) -> None:
    assert {grade: listed(built, hs4, grades=grade) for grade in "ABC"} == {
        grade: [name for name, given in grades.items() if given == grade] for grade in "ABC"
    }
    # its one supplier serves no other customer, and is counted until it is asked for alternatives to it
    counts = row_of(built, "week_alternative_count", hs4=hs4, consignee_id="BUYER")
    own = row_of(built, "week_alternative_own", hs4=hs4, consignee_id="BUYER", group_id="LARGEST")
    for grade in "abc":
        assert counts[f"grade_{grade}"] - own[f"grade_{grade}"] == list(grades.values()).count(grade.upper())
    assert own["grade_c"] == 1


def test_spare_capacity_is_the_best_quarter_less_the_last(built: Tables) -> None:
    good = row_of(built, "week_candidate", hs4="1001", supplier_id="GOOD")
    # 13 weeks of 2 TEU now; 13 weeks of 4 then; first seen in the oldest week, 99 weeks before this one
    assert (good["last_window"], good["best_window"], good["spare_quarter"], good["weeks_seen"]) == (26, 52, 26, 100)
    loose = row_of(built, "week_candidate", hs4="1071", supplier_id="LOOSE")
    assert (loose["last_window"], loose["best_window"], loose["is_in_teu"]) == (39_000, 65_000, False)
    assert row_of(built, "week_need", hs4="1001", consignee_id="BUYER")["need"] == NEEDED
    assert row_of(built, "week_need", hs4="1071", consignee_id="BUYER")["need"] == NEEDED * 1000
    assert row_of(built, "week_need", hs4="1073", consignee_id="BUYER")["need"] == NEEDED * 900_000_000


def test_the_figures_of_the_evidence_are_frozen(built: Tables) -> None:
    good = row_of(built, "snap_alternative", hs4="1001", consignee_id="BUYER", alternative_supplier_id="GOOD")
    shown = ("bills_52w", "customers_52w", "window_weeks", "weeks_seen", "last_window", "spare_capacity", "need")
    assert [good[name] for name in shown] == [52, 2, 13, 100, 26, 26, 13]
    alike = row_of(built, "snap_alternative", hs4="1062", consignee_id="BUYER", alternative_supplier_id="IRON WORKS")
    # IRON is in the texts of all products here and has no weight
    assert alike["shared_words"] == "CAST, COVERS"


def test_a_supplier_that_ships_less_than_weekly_is_measured_over_longer_windows(built: Tables) -> None:
    seldom = row_of(built, "snap_alternative", hs4="1011", consignee_id="BUYER", alternative_supplier_id="SELDOM")
    # 54 TEU in its best year, 2 in its last; the buyer takes 52 a year of its largest supplier
    assert (seldom["window_weeks"], seldom["spare_capacity"], seldom["need"]) == (52, 52, 52)


def test_a_supplier_and_its_group_are_distinguished_from_other_alternatives(built: Tables) -> None:
    assert set(listed(built, "1081")) == {"UNIT ONE", "UNIT TWO", "GOOD"}
    supplying = {
        row["alternative_supplier_id"]
        for row in built["snap_alternative"]
        if row["hs4"] == "1081" and row["consignee_id"] == "BUYER" and row["already_supplies"]
    }
    assert supplying == {"UNIT ONE", "LARGEST"}
    own = row_of(built, "week_alternative_own", hs4="1081", consignee_id="BUYER", group_id="units")
    assert (own["grade_a"], own["grade_b"], own["grade_c"]) == (2, 0, 0)
