"""The order of alternatives, the best 20 of many, and both against comparing every buyer with every supplier."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from pipeline.settings import Settings
from tests.dbt.conftest import empty
from tests.dbt.test_alternatives import BUSY, EVEN, ODD, buyer, candidate, listed
from tests.dbt.trade import Firm, Trade

Row = dict[str, Any]
Tables = dict[str, list[Row]]
KEPT = 20
WORDS = ("CAST", "COVERS", "BRASS", "VALVES", "PUMPS", "GASKETS", "RINGS")


def cases() -> Trade:
    """A product for each step of the order, one with more than 20 alternatives, and some of chance."""
    trade = Trade()
    for hs4 in ("2001", "2002", "2003", "2004"):
        buyer(trade, hs4)
    candidate(trade, "2002", "2002 FULL", 1)
    trade.suppliers["2002 ABLE"] = Firm("VN", "HANOI")
    candidate(trade, "2002", "2002 ABLE", 14)
    trade.ship("2002", "2002 LONG AGO", "ONE", [70])
    for name, firm in {
        "FAR": Firm("VN", "HANOI"),
        "NAMESAKE": Firm("VN", "PUNE"),
        "COUNTRY": Firm("IN", "SURAT"),
        "CITY": Firm("IN", "PUNE"),
        "NOWHERE": Firm(None, None),
    }.items():
        trade.suppliers[f"2001 {name}"] = firm
        # the nearer, the less room: nearness comes first
        candidate(trade, "2001", f"2001 {name}", {"CITY": 14, "COUNTRY": 16}.get(name, 39))
    # the buyer takes 52 TEU a year: tens, not hundreds
    for customer, weeks in (("ONE", EVEN), ("TWO", ODD)):
        trade.ship("2003", "2003 SERVES LARGE", customer, weeks, 5)
        trade.ship("2003", "2003 SERVES SUCH", f"{customer} AS LARGE", weeks, 1)
    trade.ship("2003", "2003 SERVES LARGE", "ONE", BUSY, 9)
    trade.ship("2003", "2003 SERVES SUCH", "ONE AS LARGE", BUSY, 3)
    candidate(trade, "2004", "2004 ROOM", 39)
    candidate(trade, "2004", "2004 SOME ROOM", 14)

    buyer(trade, "2010")
    for number in range(25):
        candidate(trade, "2010", f"2010 MANY {number:02}", 13 + 0.13 * number)

    chance = Random(5)
    for hs4 in ("3001", "3002"):
        for number in range(45):
            name = f"{hs4} SELLER {number:02}"
            trade.suppliers[name] = Firm(chance.choice(("IN", "VN", None)), chance.choice(("PUNE", "HANOI", None)))
            text = " ".join(chance.sample(WORDS, chance.randrange(1, 4)))
            candidate(trade, hs4, name, chance.randrange(1, 60), text=text)
            trade.ship(hs4, name, f"BUYER {chance.randrange(12)}", range(chance.randrange(1, 9)), 1, text=text)
        for number in range(12):
            text = " ".join(chance.sample(WORDS, chance.randrange(1, 4)))
            seller = f"{hs4} SELLER {chance.randrange(45):02}"
            trade.ship(hs4, seller, f"BUYER {number}", range(40), chance.choice((0.1, 1, 4)), text=text)
    return trade


@pytest.fixture(scope="module")
def built(shared_home: Settings) -> Iterator[Tables]:
    empty(shared_home)
    yield cases().build(shared_home)
    empty(shared_home)


@pytest.mark.parametrize(
    ("hs4", "order"),
    [
        # an unknown place and a city of the same name abroad are elsewhere; of these the ids decide
        pytest.param("2001", ["CITY", "COUNTRY", "FAR", "NAMESAKE", "NOWHERE"], id="nearness"),
        pytest.param("2002", ["ABLE", "FULL", "LONG AGO"], id="grade before nearness"),
        pytest.param("2003", ["SERVES SUCH", "SERVES LARGE"], id="experience before room"),
        pytest.param("2004", ["ROOM", "SOME ROOM"], id="room"),
    ],
)
def test_grade_comes_before_nearness_before_experience_before_room(built: Tables, hs4: str, order: list[str]) -> None:
    assert listed(built, hs4) == [f"{hs4} {name}" for name in order]


def test_the_reason_states_how_near(built: Tables) -> None:
    reasons = {
        row["alternative_supplier_id"]: row["reason"]
        for row in built["snap_alternative"]
        if row["hs4"] == "2001" and row["consignee_id"] == "BUYER" and row["grade"] == "A"
    }
    assert reasons == {
        "2001 CITY": "same_city",
        "2001 COUNTRY": "same_country",
        "2001 FAR": "elsewhere",
        "2001 NAMESAKE": "elsewhere",
        "2001 NOWHERE": "elsewhere",
    }


def test_the_best_20_are_listed_and_all_are_counted(built: Tables) -> None:
    (counted,) = [
        row["grade_a"]
        for row in built["week_alternative_count"]
        if row["hs4"] == "2010" and row["consignee_id"] == "BUYER"
    ]
    assert counted == 25
    assert listed(built, "2010") == [f"2010 MANY {number:02}" for number in reversed(range(5, 25))]


def test_short_lists_and_ranks_find_what_comparing_all_pairs_finds(built: Tables) -> None:
    experience = {(row["candidate_no"], row["buyer_band"]): row["experience"] for row in built["week_experience"]}
    counted = {(row["consignee_id"], row["hs4"]): row for row in built["week_alternative_count"]}
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in sorted(built["snap_alternative"], key=lambda row: row["rank"]):
        found.setdefault((row["consignee_id"], row["hs4"]), []).append((row["grade"], row["alternative_supplier_id"]))
    longest = 0
    for need in built["week_need"]:
        ordered = sorted(
            (_order(need, seller, experience), seller["supplier_id"])
            for seller in built["week_candidate"]
            if seller["hs4"] == need["hs4"]
        )
        pair = (need["consignee_id"], need["hs4"])
        for grade in "ABC":
            assert counted[pair][f"grade_{grade.lower()}"] == sum(order[0] == grade for order, _ in ordered)
        assert found.get(pair, []) == [(order[0], name) for order, name in ordered[:KEPT]]
        longest = max(longest, len(ordered))
    assert longest > KEPT


def _order(need: Row, seller: Row, experience: dict[tuple[int, int], int]) -> tuple[Any, ...]:
    """What an alternative is ordered by, its grade first."""
    if seller["spare_quarter"] is not None and seller["spare_quarter"] >= need["need"]:
        grade = "A"
    else:
        grade = "B" if seller["customers_52w"] and seller["only_customer_id"] != need["group_id"] else "C"
    in_country = need["country_code"] is not None and need["country_code"] == seller["country_code"]
    in_city = in_country and need["city"] is not None and need["city"] == seller["city"]
    served = experience.get((seller["candidate_no"], need["buyer_band"]), 0)
    return (
        grade,
        -in_city,
        -in_country,
        -served,
        -(seller["spare_quarter"] or 0),
        -seller["volume_52w"],
        seller["candidate_no"],
    )
