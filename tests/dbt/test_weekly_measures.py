"""Tiers and leverage rows on worlds worked by hand."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from scipy.stats import beta

from tests.dbt.weekly_world import (
    Bill,
    Models,
    Row,
    World,
    leverage_rows,
    measured,
    spread_bills,
    tier_rows,
)

SMALL, LARGE = "small", "large"
NEAR = 1e-9


def two_customers(**changes: Any) -> World:
    """The worked example of METRICS.md: 999 and 49,999 units of one supplier, on twelve bills each."""
    bills = spread_bills(Bill(consignee=SMALL), "999") + spread_bills(Bill(consignee=LARGE), "49999")
    return World(level_halves(bills), **changes)


def level_halves(bills: list[Bill]) -> list[Bill]:
    """Six of twelve bills in each half of the year: the supplier grows and shrinks by rounding only."""
    return [bill.but(weeks_ago=bill.weeks_ago if bill.weeks_ago < 24 else bill.weeks_ago + 4) for bill in bills]


def weekly_bills(bill: Bill, teu: str) -> list[Bill]:
    """`teu` in a bill each week of the year."""
    return spread_bills(bill, teu, 52, 1)


def of(row: Row, *names: str) -> list[Any]:
    return [row[name] for name in names]


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


def test_an_alternative_of_grade_c_counts_a_quarter_of_one(models: Models) -> None:
    found = leverage_rows(models, two_customers(alternatives={(SMALL, "9403"): (0, 0, 1)}))["s", SMALL, "9403"]
    assert found["power"] == pytest.approx(999 / 50998 - 1 / (1 + 0.25 / 2), abs=NEAR)
    assert of(found, "alternatives", "alternatives_seen", "no_alt_suppliers_visible") == [0, 1, False]
    many = leverage_rows(models, two_customers(alternatives={(SMALL, "9403"): (1, 5, 9)}))["s", SMALL, "9403"]
    assert of(many, "supplier_substitutability", "alternatives_seen") == [0.5, 15]
    none = leverage_rows(models, two_customers())["s", SMALL, "9403"]
    assert of(none, "alternatives_seen", "no_alt_suppliers_visible") == [0, True]


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


def test_the_window_is_52_weeks(models: Models) -> None:
    bills = spread_bills(Bill(), "12")
    for weeks_ago, volume in ((51, 13), (52, 12)):
        row = tier_rows(models, World([*bills, Bill(weeks_ago=weeks_ago)]))["s", "b"]
        assert row["volume_52w"] == volume


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


def test_a_tier_is_given_from_the_first_bill_on_and_its_ends_say_how_sure_it_is(models: Models) -> None:
    """One shipment in eight of a supplier: anything from D to A; of fifty as even ones the ends are near."""
    few = [Bill(), *(Bill(consignee="c", weeks_ago=weeks) for weeks in range(1, 8))]
    row = tier_rows(models, World(few))["s", "b"]
    assert of(row, "tier", "tier_low", "tier_high", "reason_code") == ["B", "D", "A", None]
    many = [Bill(consignee="b" if week % 5 == 0 else "c", weeks_ago=week) for week in range(51)]
    assert of(tier_rows(models, World(many))["s", "b"], "tier", "tier_low", "tier_high") == ["B", "B", "A"]


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


def test_bills_without_both_names_are_counted_by_market(models: Models) -> None:
    hidden = Bill(supplier=None, consignee=None)
    bills = [
        *spread_bills(Bill(), "30"),
        *spread_bills(hidden, "10"),
        *spread_bills(hidden.but(origin="VN"), "99"),
        *spread_bills(hidden.but(products={"8471": Decimal(1)}), "99"),
    ]
    assert leverage_rows(models, World(bills))["s", "b", "9403"]["both_hidden_share"] == 0.25
