"""What must hold of a week's measures whatever the bills are, on worlds drawn at random."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from tests.dbt.weekly_world import Bill, Models, Row, World, found_rows, leverage_rows, measured

TABLES = ("snap_tier", "snap_leverage_snapshot", "snap_consolidation", "week_volume")
SHARES = (
    "share_of_supplier",
    "share_of_supplier_high",
    "share_of_buyer",
    "share_of_buyer_high",
    "coverage",
    "supplier_substitutability",
    "customer_substitutability",
)
SEEDS = range(3)
NEAR = 1e-9


def drawn(seed: int, bills: int = 400) -> World:
    """Few firms and products, so that all of them meet; a fifth of the names withheld."""
    random = Random(seed)

    def side(names: str) -> str | None:
        return random.choice((*names, *names, *names, "*mover", None, None))

    made = []
    for _ in range(bills):
        products = random.choice(
            ({"9403": Decimal(1)}, {None: Decimal(1)}, {"9403": Decimal("0.333333"), "8471": Decimal("0.666667")})
        )
        kg = Decimal(random.randrange(1, 10**7)) / 1000
        made.append(
            Bill(
                supplier=side("stuv"),
                consignee=side("bcdefg"),
                teu=random.choice((None, Decimal(random.randrange(1, 10**7)) / 10**6)),
                kg=random.choice((kg, kg, None)),
                sized_part=random.choice((Decimal(0), Decimal(1))),
                weeks_ago=random.randrange(160),
                products=products,
                origin=random.choice(("CN", "VN", None)),
            )
        )
    recent = [bill.but(weeks_ago=bill.weeks_ago % 52) for bill in made[: bills // 2]]
    return World(
        made[bills // 2 :] + recent,
        alternatives={(buyer, "9403"): n for n, buyer in enumerate("bcdefg")},
        current=[("c", "9403", "s"), ("d", "9403", "t")],
        last_tiers={("s", "b"): "A", ("t", "c"): "B"},
    )


def all_rows(models: Models, world: World) -> dict[str, list[Row]]:
    with measured(models, world) as connection:
        return {name: found_rows(connection, f"select * from {name} order by all") for name in TABLES}


def halved(bill: Bill) -> list[Bill]:
    """Two bills that carry half of it each."""
    return [
        bill.but(
            teu=None if bill.teu is None else bill.teu / 2,
            kg=None if bill.kg is None else bill.kg / 2,
        )
    ] * 2


def even(world: World) -> World:
    """Volumes that halve without a rest at the digits that are kept."""
    bills = [
        bill.but(
            teu=None if bill.teu is None else (bill.teu * 1000).quantize(Decimal(1)) / 500,
            kg=None if bill.kg is None else bill.kg.quantize(Decimal(1)) * 2,
        )
        for bill in world.bills
    ]
    return replace(world, bills=bills)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_bills_changes_nothing(models: Models, seed: int) -> None:
    world = drawn(seed)
    shuffled = list(world.bills)
    Random(seed + 1).shuffle(shuffled)
    one, other = all_rows(models, world), all_rows(models, replace(world, bills=shuffled))
    for name in TABLES:
        assert one[name]
        # to the last bit: a frozen file is the same whatever the order
        assert one[name] == other[name], name


@pytest.mark.parametrize("seed", SEEDS)
def test_splitting_bills_in_two_changes_no_share(models: Models, seed: int) -> None:
    world = even(drawn(seed))
    random = Random(seed)
    split = [part for bill in world.bills for part in (halved(bill) if random.random() < 0.4 else [bill])]
    one, other = leverage_rows(models, world), leverage_rows(models, replace(world, bills=split))
    assert set(one) == set(other)
    assert len(split) > len(world.bills)
    for key, row in one.items():
        assert {name: row[name] for name in SHARES} == pytest.approx(
            {name: other[key][name] for name in SHARES}, abs=NEAR
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_merging_two_customers_adds_their_shares(models: Models, seed: int) -> None:
    world = drawn(seed)
    merged = [bill.but(consignee="b") if bill.consignee == "c" else bill for bill in world.bills]
    one, other = leverage_rows(models, world), leverage_rows(models, replace(world, bills=merged))
    suppliers = {supplier for supplier, _, _ in one}
    assert len(suppliers) == 4
    for supplier in suppliers:
        parts = [one[supplier, customer, "all"]["share_of_supplier"] for customer in "bc"]
        assert other[supplier, "b", "all"]["share_of_supplier"] == pytest.approx(sum(parts), abs=NEAR)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("side", "share"), [("consignee", "share_of_supplier"), ("supplier", "share_of_buyer")])
def test_bounds_hold_what_hidden_names_were(models: Models, side: str, share: str, seed: int) -> None:
    world = drawn(seed)
    random = Random(seed)
    hidden = [bill.but(**{side: None}) if random.random() < 0.4 else bill for bill in world.bills]
    truth, seen = leverage_rows(models, world), leverage_rows(models, replace(world, bills=hidden))
    common = set(truth) & set(seen)
    assert len(common) > 20
    for key in common:
        assert seen[key][f"{share}_low"] - NEAR <= truth[key][share] <= seen[key][f"{share}_high"] + NEAR, key


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_published_adds_up(models: Models, seed: int) -> None:
    found = leverage_rows(models, drawn(seed))
    computed = 0
    for row in found.values():
        assert (row["power"] is None) == (row["reason_code"] is not None)
        if row["power"] is None:
            continue
        computed += 1
        parts = [
            row[f"contribution_{name}"]
            for name in ("supplier_share", "customer_substitutability", "buyer_share", "supplier_substitutability")
        ]
        assert abs(sum(parts) - row["power"]) <= 1e-12
        assert row["depends_supplier"] - row["depends_buyer"] == pytest.approx(row["power"], abs=1e-12)
        assert row["depends_supplier"] + row["depends_buyer"] == pytest.approx(row["mutual"], abs=1e-12)
    assert computed
    for supplier, customer, product in found:
        if product == "all":
            parts = [found[key] for key in found if key[:2] == (supplier, customer) and key[2] != "all"]
            whole: Any = found[supplier, customer, product]["volume_52w"]
            assert float(sum(part["volume_52w"] for part in parts)) == pytest.approx(float(whole), abs=1e-5)


def test_growing_the_share_never_lowers_the_tier(models: Models) -> None:
    tiers = []
    for share in range(1, 40, 3):
        bills = [Bill(teu=Decimal(share), kg=Decimal(share * 1000))] + [
            Bill(consignee="c", teu=Decimal(100 - share) / 10, kg=Decimal(100 - share) * 100)
        ] * 10
        with measured(models, World(bills)) as connection:
            tiers.append(connection.execute("select tier from snap_tier where consignee_id = 'b'").fetchone())
    assert tiers == sorted(tiers, key=str, reverse=True)
    assert {tier for row in tiers if row for tier in row} == {"A", "B", "C", "D"}
