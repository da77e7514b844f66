"""Shares of homes of imported exports: only of the sides that an export holds whole."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.dbt.weekly_world import Bill, Models, World, leverage_rows, spread_bills, tier_rows

OF_SHARE = ("share_of_supplier", "share_of_supplier_low", "share_of_supplier_high", "interval_low", "interval_high")
OF_PRODUCT = (
    *(*OF_SHARE, "supplier_bills_52w", "supplier_volume_52w", "unnamed_volume_52w", "share_of_buyer"),
    *("other_customers_hhi", "growth_ratio", "customer_substitutability", "depends_supplier", "depends_buyer"),
    *("power", "power_low", "power_high", "mutual", "posture", "question_id", "coverage", "reason_code"),
)
FIGURES = (
    *(*OF_SHARE[:3], "share_of_buyer", "power", "mutual", "depends_supplier", "depends_buyer"),
    *("alternatives", "posture"),
)
FLAGS = ("no_alt_suppliers_visible", "no_second_source", "is_major_customer")
TABLES = [
    *spread_bills(Bill(), "40"),
    *spread_bills(Bill(consignee="c"), "30", 24, 2),
    *spread_bills(Bill(consignee="d", weeks_ago=1), "20", 6, 3),
    *spread_bills(Bill(consignee=None), "10", 5, 9),
    *spread_bills(Bill(supplier="t"), "15", 10, 3),
    Bill(weeks_ago=70, teu=Decimal(9)),
]
OTHERS = {("b", "9403"): 2}


@pytest.mark.parametrize("code", ["9403", "94"])
def test_a_products_export_has_the_figures_of_a_feed_of_that_product(models: Models, code: str) -> None:
    """Bills of other products that came with it change neither."""
    desks = spread_bills(Bill(products={"8471": Decimal(1)}), "500")
    found = leverage_rows(models, World([*TABLES, *desks], alternatives=OTHERS, scopes=[("product", code)]))
    alone = leverage_rows(models, World(TABLES, alternatives=OTHERS))
    for pair in (("s", "b"), ("s", "c"), ("s", "d"), ("t", "b")):
        row, expected = found[*pair, "9403"], alone[*pair, "9403"]
        for name in OF_PRODUCT:
            near = pytest.approx(expected[name]) if isinstance(expected[name], float) else expected[name]
            assert row[name] == near, (pair, name)
        assert (row["share_basis"], expected["share_basis"]) == ("product", "supplier")
        assert not row["is_major_customer"]
    for product in ("all", "8471"):
        row = found["s", "b", product]
        assert {row[name] for name in (*FIGURES, "share_basis")} == {None}
        assert row["reason_code"] == "outside_scope"


def test_a_supplier_loaded_whole_keeps_the_share_of_all_that_it_ships(models: Models) -> None:
    desks = spread_bills(Bill(products={"8471": Decimal(1)}), "500")
    scopes = [("product", "9403"), ("supplier", "s")]
    row = leverage_rows(models, World([*TABLES, *desks], scopes=scopes))["s", "b", "9403"]
    assert row["share_basis"] == "supplier"
    assert row["share_of_supplier"] == pytest.approx(540 / 600)
    assert row["power"] is not None


def test_an_export_of_one_side_gives_the_shares_of_that_side(models: Models) -> None:
    supplier = leverage_rows(models, World(TABLES, scopes=[("supplier", "s")]))["s", "b", "all"]
    assert supplier["share_of_supplier"] == pytest.approx(0.4)
    assert supplier["share_of_buyer"] is None
    buyer = leverage_rows(models, World(TABLES, scopes=[("buyer", "b")]))["s", "b", "all"]
    assert buyer["share_of_supplier"] is None
    assert buyer["share_of_buyer"] == pytest.approx(40 / 55)
    both = leverage_rows(models, World(TABLES, scopes=[("supplier", "s"), ("buyer", "b")]))["s", "b", "all"]
    assert (both["share_of_supplier"], both["share_of_buyer"]) == (pytest.approx(0.4), pytest.approx(40 / 55))
    assert {row["reason_code"] for row in (supplier, buyer, both)} == {"outside_scope"}


def test_exports_that_hold_nothing_whole_claim_nothing(models: Models) -> None:
    world = World(TABLES, alternatives={}, scopes=[])
    for row in leverage_rows(models, world).values():
        assert {row[name] for name in (*FIGURES, "share_basis")} == {None}
        assert row["reason_code"] == "outside_scope"
        assert not any(row[flag] for flag in FLAGS)
    for row in tier_rows(models, world).values():
        assert (row["tier"], row["share_of_supplier"], row["reason_code"]) == (None, None, "outside_scope")
