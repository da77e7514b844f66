"""Tiers, their cuts and what moving volume makes of them, on worlds worked by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.dbt.weekly_bills import LARGE, NEAR, SMALL, level_halves, of, two_customers
from tests.dbt.weekly_world import Bill, Models, World, measured, spread_bills, tier_rows


def test_the_gaps_of_the_worked_example(models: Models) -> None:
    expected = {"C": (0.03 * 50998 - 999) / 0.97, "B": (0.1 * 50998 - 999) / 0.9, "A": (0.25 * 50998 - 999) / 0.75}
    assert {tier: round(gap, 2) for tier, gap in expected.items()} == {"C": 547.36, "B": 4556.44, "A": 15667.33}
    tiers = tier_rows(models, two_customers())
    assert of(tiers["s", SMALL], "tier", "next_tier", "customer_rank", "volume_band") == ["D", "C", 2, "100-999"]
    assert tiers["s", SMALL]["gap_to_next_tier"] == pytest.approx(expected["C"], abs=NEAR)
    assert tiers["s", SMALL]["gap_to_move"] == pytest.approx((0.036 * 50998 - 999) / 0.964, abs=NEAR)
    assert of(tiers["s", LARGE], "tier", "next_tier", "gap_to_next_tier") == ["A", None, None]
    # the same customer, one and two tiers up
    for tier, wanted in (("C", "B"), ("B", "A")):
        share = {"C": 0.025, "B": 0.09}[tier]
        bills = level_halves(
            spread_bills(Bill(consignee=SMALL), "999")
            + spread_bills(Bill(consignee=LARGE), str(int(999 / share) - 999))
        )
        row = tier_rows(models, World(bills, last_tiers={("s", SMALL): tier}))["s", SMALL]
        total = Decimal(int(999 / share))
        cut = {"B": Decimal("0.1"), "A": Decimal("0.25")}[wanted]
        assert of(row, "tier", "next_tier") == [tier, wanted]
        assert row["gap_to_next_tier"] == pytest.approx(float((cut * total - 999) / (1 - cut)), abs=NEAR)


def test_what_is_added_reaches_the_cut(models: Models) -> None:
    gap = tier_rows(models, two_customers())["s", SMALL]["gap_to_next_tier"]
    more = Decimal(gap).quantize(Decimal("0.000001")) + Decimal("0.000001")
    world = two_customers()
    reached = tier_rows(models, World([*world.bills, Bill(consignee=SMALL, teu=more, kg=more * 10000)]))
    assert reached["s", SMALL]["tier"] == "C"


@pytest.mark.parametrize(
    ("share", "last", "tier"),
    [
        ("25", None, "A"),
        ("24.999999", None, "B"),
        ("29.999999", "B", "B"),
        ("30", "B", "A"),
        ("20", "A", "A"),
        ("19.999999", "A", "B"),
        ("11.9", "C", "C"),
        ("12", "C", "B"),
        ("8", "B", "B"),
        ("7.9", "B", "C"),
        ("3.5", "D", "D"),
        ("3.6", "D", "C"),
        ("2.4", "C", "C"),
        ("2.3", "C", "D"),
        ("9", "A", "B"),
        ("31", "D", "A"),
        ("3", None, "C"),
        ("2.999999", None, "D"),
    ],
)
def test_a_tier_changes_only_a_fifth_beyond_its_cut(models: Models, share: str, last: str | None, tier: str) -> None:
    bills = spread_bills(Bill(consignee=SMALL), share) + spread_bills(Bill(consignee=LARGE), 100 - Decimal(share))
    row = tier_rows(models, World(bills, last_tiers={("s", SMALL): last}))["s", SMALL]
    assert of(row, "tier", "last_tier") == [tier, last]
    if row["next_tier"]:
        cut = {"A": 0.25, "B": 0.1, "C": 0.03}[row["next_tier"]]
        assert row["gap_to_next_tier"] == pytest.approx(max((cut * 100 - float(share)) / (1 - cut), 0), abs=NEAR)


def test_a_tier_is_given_from_the_first_bill_on_and_its_ends_say_how_sure_it_is(models: Models) -> None:
    """One shipment in eight of a supplier: anything from D to A; of fifty as even ones the ends are near."""
    few = [Bill(), *(Bill(consignee="c", weeks_ago=weeks) for weeks in range(1, 8))]
    row = tier_rows(models, World(few))["s", "b"]
    assert of(row, "tier", "tier_low", "tier_high", "reason_code") == ["B", "D", "A", None]
    many = [Bill(consignee="b" if week % 5 == 0 else "c", weeks_ago=week) for week in range(51)]
    assert of(tier_rows(models, World(many))["s", "b"], "tier", "tier_low", "tier_high") == ["B", "B", "A"]


def test_the_window_is_52_weeks(models: Models) -> None:
    bills = spread_bills(Bill(), "12")
    for weeks_ago, volume in ((51, 13), (52, 12)):
        row = tier_rows(models, World([*bills, Bill(weeks_ago=weeks_ago)]))["s", "b"]
        assert row["volume_52w"] == volume


def test_moving_volume_makes_a_tier(models: Models) -> None:
    bills = [
        *spread_bills(Bill(), "2"),
        *spread_bills(Bill(consignee="c"), "98"),
        *spread_bills(Bill(supplier="t"), "10"),
        *spread_bills(Bill(supplier="t", consignee="c"), "90"),
    ]
    with measured(models, World(bills)) as connection:
        moves = connection.execute(
            "select from_supplier_id, to_supplier_id, moved_volume, share_after, tier_now, tier_after "
            "from snap_consolidation where consignee_id = 'b' order by 1"
        ).fetchall()
    assert moves == [
        ("s", "t", 2, pytest.approx(12 / 102), "B", "B"),
        ("t", "s", 10, pytest.approx(12 / 110), "D", "B"),
    ]
