"""Postures and sized commitments, on worlds worked by hand."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from tests.dbt.weekly_bills import LARGE, NEAR, SMALL, of, weekly_bills
from tests.dbt.weekly_world import Bill, Models, World, leverage_rows, spread_bills


def test_the_posture_of_the_worked_example_takes_24_shipments(models: Models) -> None:
    for count, expected in (
        (12, ["undetermined", "quote", "compare", "quote_other"]),
        (24, ["quote", "quote", None, "quote_other"]),
    ):
        bills = [
            *spread_bills(Bill(consignee=SMALL), "999", count, 48 // count),
            *spread_bills(Bill(consignee=LARGE), "49999", count, 48 // count),
        ]
        row = leverage_rows(models, World(bills, alternatives={(SMALL, "9403"): 4}))["s", SMALL, "9403"]
        assert of(row, "posture", "posture_first", "posture_second", "question_id") == expected
        assert row["power_low"] < row["power"] < row["power_high"]


@dataclass(frozen=True)
class Cell:
    """What the buyer takes of s, another customer does, and the buyer takes elsewhere; what follows."""

    posture: str
    taken: str
    others: str
    elsewhere: str
    alternatives: int
    power: float
    mutual: float


CELLS = [
    Cell("compete", "40", "60", "360", 0, 0.3, 0.5),
    Cell("secure", "70", "30", "280", 0, 0.5, 0.9),
    Cell("secure", "60", "40", "180", 0, 0.35, 0.85),
    Cell("compare", "10", "90", "90", 2, 0.05, 0.15),
    Cell("longer_term", "50", "50", "50", 0, 0, 1),
    Cell("quote", "7", "133", "3", 2, -0.3, 0.4),
    Cell("build", "5", "95", "5", 1, 0.05 - 1 / 3, 0.05 + 1 / 3),
    Cell("partner", "20", "80", "10", 0, 0.2 - 2 / 3, 0.2 + 2 / 3),
    Cell("partner", "10", "90", "0", 0, -0.9, 1.1),
]


@pytest.mark.parametrize("cell", CELLS)
def test_each_posture_has_its_cell(models: Models, cell: Cell) -> None:
    bills = [*weekly_bills(Bill(), cell.taken), *weekly_bills(Bill(consignee="c"), cell.others)]
    if Decimal(cell.elsewhere):
        bills += weekly_bills(Bill(supplier="t"), cell.elsewhere)
    world = World(bills, alternatives={("b", "9403"): cell.alternatives})
    row = leverage_rows(models, world)["s", "b", "9403"]
    assert of(row, "power", "mutual") == pytest.approx([cell.power, cell.mutual], abs=NEAR)
    assert row["posture_first"] == cell.posture
    assert row["question_id"].startswith(cell.posture)


def test_the_commitment_is_sized(models: Models) -> None:
    """The supplier shipped 100 more in a quarter once; C is at 3 %."""
    history = [Bill(consignee="big", teu=Decimal(100), kg=Decimal(10**6), weeks_ago=60)]
    recent = weekly_bills(Bill(consignee="big"), "236") + weekly_bills(Bill(), "4")
    row = leverage_rows(models, World([*history, *recent]))["s", "b", "9403"]
    gap = (0.03 * 240 - 4) / 0.97
    last, best = 13 * 240 / 52, 100 + 4 * 240 / 52
    assert row["commitment_volume"] == pytest.approx(gap, abs=NEAR)
    assert row["commitment_share_of_purchases"] == pytest.approx(gap / 4, abs=NEAR)
    assert float(row["supplier_slack"]) == pytest.approx(best - last, abs=1e-4)
    assert row["commitment_share_of_slack"] == pytest.approx(gap / 4 / (best - last), rel=1e-5)


def test_slack_takes_a_year(models: Models) -> None:
    for weeks_ago, known in ((50, False), (51, True)):
        bills = [*spread_bills(Bill(), "12"), Bill(teu=Decimal(50), kg=Decimal(500000), weeks_ago=weeks_ago)]
        assert (leverage_rows(models, World(bills))["s", "b", "all"]["supplier_slack"] is not None) == known
