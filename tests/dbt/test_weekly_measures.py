"""Power and both sides' substitutability, on worlds worked by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.dbt.weekly_bills import NEAR, SMALL, level_halves, of, two_customers
from tests.dbt.weekly_world import Bill, Models, World, leverage_rows, measured, spread_bills


@pytest.mark.parametrize(
    ("alternatives", "power", "mutual"),
    [
        (0, -49999 / 50998, 1 + 999 / 50998),
        (4, 999 / 50998 - 1 / 3, 999 / 50998 + 1 / 3),
    ],
)
def test_the_worked_example(models: Models, alternatives: int, power: float, mutual: float) -> None:
    found = leverage_rows(models, two_customers(alternatives={(SMALL, "9403"): alternatives}))
    for product in ("9403", "all"):
        row = found["s", SMALL, product]
        assert row["growth_ratio"] == pytest.approx(1, abs=NEAR)
        assert of(row, "customer_substitutability", "other_customers_hhi", "share_of_buyer", "reason_code") == [
            0,
            1,
            1,
            None,
        ]
        assert row["share_of_supplier"] == pytest.approx(999 / 50998, abs=NEAR)
        assert row["power"] == pytest.approx(power, abs=NEAR)
        assert row["mutual"] == pytest.approx(mutual, abs=NEAR)
        assert row["alternatives"] == alternatives
    assert round(power, 5) == {0: -0.98041, 4: -0.31374}[alternatives]
    assert round(mutual, 5) == {0: 1.01959, 4: 0.35292}[alternatives]


def test_an_alternative_of_grade_c_counts_a_quarter_of_one(models: Models) -> None:
    found = leverage_rows(models, two_customers(alternatives={(SMALL, "9403"): (0, 0, 1)}))["s", SMALL, "9403"]
    assert found["power"] == pytest.approx(999 / 50998 - 1 / (1 + 0.25 / 2), abs=NEAR)
    assert of(found, "alternatives", "alternatives_seen", "no_alt_suppliers_visible") == [0, 1, False]
    many = leverage_rows(models, two_customers(alternatives={(SMALL, "9403"): (1, 5, 9)}))["s", SMALL, "9403"]
    assert of(many, "supplier_substitutability", "alternatives_seen") == [0.5, 15]
    none = leverage_rows(models, two_customers())["s", SMALL, "9403"]
    assert of(none, "alternatives_seen", "no_alt_suppliers_visible") == [0, True]


def test_growth_and_the_other_customers_make_rho(models: Models) -> None:
    other = [*spread_bills(Bill(consignee="c1"), "30"), *spread_bills(Bill(consignee="c2"), "10")]
    level = leverage_rows(models, World(level_halves([*spread_bills(Bill(), "10"), *other])))["s", "b", "all"]
    assert level["other_customers_hhi"] == pytest.approx(0.75**2 + 0.25**2, abs=NEAR)
    shrinking = [bill for bill in level_halves([*spread_bills(Bill(), "12"), *other]) if bill.consignee == "b"]
    late = leverage_rows(models, World([*shrinking, *(bill.but(weeks_ago=40) for bill in other)]))["s", "b", "all"]
    # 52 TEU in twelve shipments of b and two of the others; eight average ones stand beside either half
    damping = 8 * 52 / 14
    assert late["growth_ratio"] == pytest.approx((6 + damping) / (46 + damping), abs=NEAR)
    assert late["customer_substitutability"] == pytest.approx(0.5 * (1 - 0.625) * late["growth_ratio"], abs=NEAR)
    assert leverage_rows(models, World(spread_bills(Bill(), "10", 6)))["s", "b", "all"]["growth_ratio"] == 1


def leaving(supplier: str, more: int) -> list[Bill]:
    """A supplier whose customer of a fifth left; of two others of 40 TEU each one took `more` in the year after."""
    year_after = [*spread_bills(Bill(supplier, "one"), f"{40 + more}", 52, 1)]
    year_after += spread_bills(Bill(supplier, "other"), "40", 52, 1)
    return [
        *spread_bills(Bill(supplier, "left"), "20", 10, 5),
        *spread_bills(Bill(supplier, "one"), "40", 52, 1),
        *spread_bills(Bill(supplier, "other"), "40", 52, 1),
        *(bill.but(weeks_ago=bill.weeks_ago - 52) for bill in year_after),
    ]


def shifted(bills: list[Bill]) -> list[Bill]:
    """The bills 60 weeks earlier."""
    return [bill.but(weeks_ago=bill.weeks_ago + 60) for bill in bills]


def test_the_refill_is_what_others_took_of_a_lost_customer_net_of_the_market(models: Models) -> None:
    steady = spread_bills(Bill("t", "c"), "1120000", 112, 1)
    with measured(models, World([*shifted(leaving("s", 6)), *steady])) as connection:
        ((share, spread, change),) = connection.execute(
            "select share, spread, others_change from week_refill_event"
        ).fetchall()
        assert connection.execute("select * from week_refill").fetchall() == [(1, 0.5, "default")]
    assert (share, spread) == pytest.approx((0.2, 0.5), abs=0.02)
    assert float(change) == pytest.approx(0.06, abs=0.002)


def test_the_refill_scale_is_that_of_the_own_records_where_30_customers_left(models: Models) -> None:
    """Others took 6 of the 20 lost: three fifths of what (1 - HHI) = 0.5 says."""
    bills = [bill for number in range(30) for bill in shifted(leaving(f"s{number}", 6))]
    steady = spread_bills(Bill("t", "c"), "1120000", 112, 1)
    with measured(models, World([*bills, *steady])) as connection:
        ((events, scale, source),) = connection.execute("select * from week_refill").fetchall()
        rows = connection.execute("select distinct refill_scale, refill_source from snap_leverage_snapshot").fetchall()
    assert (events, source) == (30, "records")
    assert rows == [(scale, "records")]
    assert scale == pytest.approx(0.6, abs=0.02)


def test_only_customer_and_one_other(models: Models) -> None:
    alone = leverage_rows(models, World(spread_bills(Bill(), "10")))["s", "b", "all"]
    assert of(alone, "customer_substitutability", "other_customers_hhi", "share_of_supplier") == [0, None, 1]


def test_a_supplier_and_its_group_are_no_alternative(models: Models) -> None:
    world = World(
        spread_bills(Bill(), "10") + spread_bills(Bill(supplier="t"), "10"),
        alternatives={("b", "9403"): 5},
        current=[("b", "9403", "s"), ("b", "9403", "sister"), ("b", "9403", "t")],
        groups={"s": "head", "sister": "head"},
    )
    found = leverage_rows(models, world)
    assert of(found["s", "b", "9403"], "alternatives", "supplier_substitutability") == [3, 0.6]
    assert of(found["t", "b", "9403"], "alternatives", "supplier_substitutability") == [4, pytest.approx(4 / 6)]


def test_all_products_weigh_alternatives_by_volume(models: Models) -> None:
    split = {"9403": Decimal("0.5"), "8471": Decimal("0.25"), None: Decimal("0.25")}
    bills = spread_bills(Bill(products=split), "12")
    found = leverage_rows(models, World(bills, alternatives={("b", "9403"): 2, ("b", "8471"): 6}))
    assert found["s", "b", "all"]["supplier_substitutability"] == pytest.approx(0.5 * 0.5 + 0.25 * 0.75, abs=NEAR)
    assert of(found["s", "b", "all"], "alternatives", "no_alt_suppliers_visible") == [2, False]
    assert of(found["s", "b", "unknown"], "alternatives", "supplier_substitutability", "reason_code") == [
        0,
        0,
        "unknown_product",
    ]
    assert of(found["s", "b", "unknown"], "power", "posture", "share_of_buyer") == [None, None, 1]
    assert [found["s", "b", product]["volume_52w"] for product in ("all", "9403", "8471", "unknown")] == [12, 6, 3, 3]


def test_a_second_source_of_two_years_ago_is_seen_and_an_older_one_is_not(models: Models) -> None:
    bills = spread_bills(Bill(), "12")
    for weeks_ago, only in ((103, False), (104, True)):
        row = leverage_rows(models, World([*bills, Bill(supplier="t", weeks_ago=weeks_ago)]))["s", "b", "9403"]
        assert row["no_second_source"] == only
        assert row["share_of_buyer"] == 1


@pytest.mark.parametrize(
    ("reason", "world"),
    [
        ("too_thin", World(spread_bills(Bill(), "12", 2), uncertain=["s"])),
        (None, World(spread_bills(Bill(), "12", 3))),
        (
            "mostly_unnamed",
            World(spread_bills(Bill(), "12") + spread_bills(Bill(consignee=None), "12.1"), uncertain=["s"]),
        ),
        ("mostly_unnamed", World(spread_bills(Bill(), "12") + spread_bills(Bill(supplier=None), "12.1"))),
        (None, World(spread_bills(Bill(), "12") + spread_bills(Bill(supplier=None), "12"))),
        ("uncertain_entity", World(spread_bills(Bill(), "12"), uncertain=["s"])),
        ("uncertain_entity", World(spread_bills(Bill(), "12"), uncertain=["b"])),
        (None, World(spread_bills(Bill(), "12") + spread_bills(Bill(consignee="other"), "99"), uncertain=["other"])),
        ("no_volume", World([bill.but(teu=None, kg=None) for bill in spread_bills(Bill(), "12")])),
    ],
)
def test_dependence_is_null_exactly_with_a_reason(models: Models, reason: str | None, world: World) -> None:
    row = leverage_rows(models, world)["s", "b", "9403"]
    assert row["reason_code"] == reason
    nullable = ("depends_supplier", "depends_buyer", "power", "mutual", "posture", "question_id")
    assert {row[name] is None for name in nullable} == {reason is not None}
    assert row["supplier_substitutability"] is not None


def test_what_to_heed_is_flagged(models: Models) -> None:
    bills = [
        *spread_bills(Bill(), "9"),
        *spread_bills(Bill(consignee="c"), "61"),
        *spread_bills(Bill(consignee="*m"), "30"),
    ]
    names = {"s": "Corvane Works Ltd", "b": "CORVANE USA INC", "c": "Other Inc"}
    found = leverage_rows(models, World(bills, names=names))
    flags = ("is_major_customer", "is_forwarder_heavy", "is_related_party_suspected")
    assert of(found["s", "b", "all"], *flags) == [False, True, True]
    assert of(found["s", "c", "all"], *flags) == [True, True, False]
    fewer = [bill for bill in bills if bill.consignee != "*m"] + spread_bills(Bill(consignee="*m"), "29")
    assert of(leverage_rows(models, World(fewer))["s", "b", "all"], *flags) == [False, False, False]
