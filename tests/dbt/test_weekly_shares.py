"""Shares, their bounds and intervals, on worlds worked by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from scipy.stats import beta

from tests.dbt.weekly_bills import NEAR, of
from tests.dbt.weekly_world import Bill, Models, World, leverage_rows, spread_bills


def test_shares_have_their_bounds(models: Models) -> None:
    bills = [
        *spread_bills(Bill(), "30"),
        *spread_bills(Bill(consignee="other"), "50"),
        *spread_bills(Bill(consignee=None), "15"),
        *spread_bills(Bill(consignee="*mover"), "5"),
        *spread_bills(Bill(supplier=None), "10"),
        *spread_bills(Bill(supplier="t"), "20"),
    ]
    row = leverage_rows(models, World(bills))["s", "b", "9403"]
    assert of(row, "share_of_supplier_low", "share_of_supplier", "share_of_supplier_high") == [0.3, 0.3, 0.5]
    assert of(row, "share_of_buyer_low", "share_of_buyer", "share_of_buyer_high") == [0.5, 0.5, pytest.approx(40 / 60)]
    assert row["coverage"] == pytest.approx(0.8)
    assert of(row, "supplier_volume_52w", "unnamed_volume_52w", "volume_52w") == [100, 20, 30]


def test_the_unit_is_that_of_the_side(models: Models) -> None:
    """Of s 79 % of the kilograms are in containers of known size, of the buyer's product more."""
    bills = [
        *spread_bills(Bill(), "10"),
        Bill(consignee="other", teu=None, kg=Decimal(100000), sized_part=Decimal("0.57")),
        Bill(supplier="t", teu=Decimal(30), kg=Decimal(100000)),
    ]
    row = leverage_rows(models, World(bills))["s", "b", "9403"]
    assert of(row, "volume_unit", "volume_52w", "share_of_supplier") == ["kg", 100000, 0.5]
    assert of(row, "buyer_volume_unit", "buyer_volume_52w", "share_of_buyer") == ["teu", 40, 0.25]
    sized = [bill.but(sized_part=Decimal("0.6")) if bill.consignee == "other" else bill for bill in bills]
    assert of(leverage_rows(models, World(sized))["s", "b", "9403"], "volume_unit", "volume_52w") == ["teu", 10]


def test_the_intervals_allow_for_bursts_and_unequal_shipments(models: Models) -> None:
    """Bills of a pair in one week are one shipment; effective ones are (sum of volumes)² / sum of squares."""
    bills = [
        *(Bill(weeks_ago=weeks) for weeks in range(6)),
        Bill(weeks_ago=0),
        Bill(consignee="c", weeks_ago=3, teu=Decimal(4)),
        Bill(supplier="t", weeks_ago=3, teu=Decimal(3)),
    ]
    row = leverage_rows(models, World(bills))["s", "b", "all"]
    for low, high, share, count in (
        ("interval_low", "interval_high", 7 / 11, 11**2 / (5 + 2**2 + 4**2)),
        ("share_of_buyer_interval_low", "share_of_buyer_interval_high", 7 / 10, 10**2 / (5 + 2**2 + 3**2)),
    ):
        expected = beta.ppf([0.05, 0.95], share * count + 0.2, (1 - share) * count + 0.5)
        assert of(row, low, high) == pytest.approx(list(expected), abs=NEAR)


def test_uncertain_name_variants_widen_the_bounds_only(models: Models) -> None:
    """A tenth of the pair's volume, and half of another customer's, stand under variants that may be others'."""
    bills = [
        *spread_bills(Bill(), "45"),
        *spread_bills(Bill(consignee="b?"), "5"),
        *spread_bills(Bill(consignee="other"), "25"),
        *spread_bills(Bill(consignee="other?"), "25"),
    ]
    certain = leverage_rows(models, World(bills))
    found = leverage_rows(models, World(bills, uncertain=["other?"]))
    row = found["s", "b", "all"]
    assert of(row, "share_of_supplier_low", "share_of_supplier", "share_of_supplier_high") == [0.45, 0.45, 0.7]
    assert of(row, "power", "interval_low") == of(certain["s", "b", "all"], "power", "interval_low")
    own = leverage_rows(models, World(bills, uncertain=["b"]))["s", "b", "all"]
    assert of(own, "share_of_supplier_low", "share_of_supplier", "share_of_supplier_high") == [0, 0.45, 0.45]
    assert own["uncertain_volume_share"] == 1


def test_bills_without_both_names_are_counted_by_market(models: Models) -> None:
    hidden = Bill(supplier=None, consignee=None)
    bills = [
        *spread_bills(Bill(), "30"),
        *spread_bills(hidden, "10"),
        *spread_bills(hidden.but(origin="VN"), "99"),
        *spread_bills(hidden.but(products={"8471": Decimal(1)}), "99"),
    ]
    assert leverage_rows(models, World(bills))["s", "b", "9403"]["both_hidden_share"] == 0.25
