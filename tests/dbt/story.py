"""A few weeks of deliveries with every case of a bill, beside random bills that collide in all their keys."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from tests.dbt.world import Bill, Container, Party

OLD_DAY = date(2025, 3, 12)
DAYS = (OLD_DAY, date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 10), date(2026, 3, 17))

POTTERY = Party("MERIDIAN POTTERY CO LTD", city="FOSHAN", country="CN")
POTTERY_DOTTED = Party("MERIDIAN POTTERY CO., LTD.")
OAK = Party("HOLLOW OAK HOME INC", city="OAKLAND", state="CA", country="US")
ELM = Party("TALL ELM GARDENS LLC")
TILE = Party("SALT RIVER TILE SA", city="VIGO", country="ES")
WORKS = Party("CORAL BAY WORKS")
BEHIND = Party("BRIGHTWATER LINES O/B OF CORAL BAY WORKS")
MOVER = Party("BRIGHTWATER FREIGHT FORWARDING")
BANK = Party("TO ORDER OF FIRST HARBOR BANK")
ESSEX = Party("TO THE ORDER OF ESSEX STONE LLC")
SHARED = Container("ABCU0000001")
SIZES = (4000, 2000, 4500, 0, None)
PARENT_CONTAINER = Container("ABCU0000002")


def cases() -> dict[date, list[Bill]]:
    """Bills of one case each, which their master number names."""
    old, first, second, third, fourth = DAYS
    plain = Bill(1, master="PLAIN", shipper=POTTERY, consignee=OAK, containers=(SHARED,), tariff=("8451", "681099.0"))
    hidden = plain.but(master="HIDDEN", consignee=None, weight="3000", tariff=())
    master = Bill(
        1,
        master="PARENT",
        bill_type="Master Bill",
        shipper=MOVER,
        consignee=MOVER,
        containers=(PARENT_CONTAINER,),
    )
    house = master.but(bill_type="House Bill", shipper=POTTERY_DOTTED, consignee=ELM, containers=(PARENT_CONTAINER,))
    reused = Bill(1, master="REUSED", vessel="OLD HULL", arrival=date(2025, 3, 14), text=("HS CODE : 681099,732690",))
    # a year's window reaches back 51 weeks: from the week of 2 March 2026 to that of 10 March 2025
    edge = Bill(1, master="EDGE1", shipper=Party("EDGE MILL PLC"), consignee=ELM, arrival=date(2025, 3, 16))
    order = Bill(1, master="ORDER", shipper=POTTERY, consignee=Party("TO ORDER"), notify=(MOVER, POTTERY, ELM))
    return {
        old: numbered(
            old, [reused, Bill(1, master="SUSPECT", arrival=date(2019, 1, 1), weight="400001", weight_unit="MT"), edge]
        ),
        first: numbered(
            first,
            [
                plain,
                hidden,
                master,
                order,
                order.but(master="BANKED", consignee=BANK, notify=(MOVER,)),
                order.but(master="NAMED", consignee=ESSEX),
                order.but(master="OWN", consignee=Party("TO THE ORDER OF MERIDIAN POTTERY CO LTD"), notify=()),
                plain.but(master="TRANSIT", in_bond="Transportation and Exportation"),
                plain.but(master="LOOSE", containers=(), arrival=None, weight_unit="Bushels"),
            ],
        ),
        second: numbered(
            second,
            [
                house.but(house="H1"),
                house.but(house="H2", weight="0"),
                plain.but(status="Amended", weight="2000", containers=(SHARED, Container("ABCU0000003", None, "22G1"))),
                reused.but(vessel="NEW HULL", arrival=date(2026, 3, 5)),
                edge.but(master="EDGE2", consignee=OAK, arrival=date(2026, 3, 2)),
                edge.but(master="EDGE3", consignee=OAK, arrival=date(2026, 3, 9)),
            ],
        ),
        third: numbered(
            third,
            [
                hidden.but(status="Deleted"),
                house.but(house="H1", status="Deleted"),
                reused.but(status="Amended", weight="50"),
                order.but(status="Amended", consignee=None),
            ],
        ),
        fourth: numbered(fourth, [house.but(house="H2", status="Deleted"), plain.but(status="Amended", consignee=ELM)]),
    }


def drawn(seed: int, bills: int) -> dict[date, list[Bill]]:
    """Random bills from pools so small that versions, families, containers, pairs and name variants coincide often."""
    random = Random(seed)
    return {day: numbered(day, [_random_bill(random, day) for _ in range(bills)], first=100) for day in DAYS}


def story(seed: int = 7, bills: int = 60) -> dict[date, list[Bill]]:
    """Cases and random bills by release day."""
    named, random_bills = cases(), drawn(seed, bills)
    return {day: named[day] + random_bills[day] for day in DAYS}


def wrong_reading(bills: list[Bill], seed: int = 3) -> list[Bill]:
    """A release as first published, before its correction: rows missing, rows altered, rows that never were."""
    random = Random(seed)
    left = [bill for bill in bills if random.random() < 0.8]
    altered = [
        bill.but(weight="77", consignee=Party("WRONG READING INC"), containers=(Container("ABCU0000009"),))
        if random.random() < 0.3
        else bill
        for bill in left
    ]
    day = bills[0].ran_on
    never_were = [_random_bill(random, day) for _ in range(5)] + [Bill(1, master="NEVER WAS", shipper=POTTERY)]
    return altered + numbered(day, never_were, first=900)


def cumulative(days: dict[date, list[Bill]]) -> dict[date, list[Bill]]:
    """The same rows as cumulative files: each has all days so far."""
    so_far: list[Bill] = []
    files = {}
    for day, bills in sorted(days.items()):
        so_far = so_far + bills
        files[day] = so_far
    return files


def numbered(day: date, bills: list[Bill], first: int = 0) -> list[Bill]:
    """Identifiers of a run date, counted from `first`, unpadded."""
    return [bill.but(identifier=int(f"{day:%Y%m%d}{n}")) for n, bill in enumerate(bills, first)]


def _random_bill(random: Random, day: date) -> Bill:
    shippers = (POTTERY, POTTERY_DOTTED, MOVER, TILE, WORKS, BEHIND, Party(None), None)
    consignees = (OAK, ELM, MOVER, BANK, ESSEX, Party("NINE MILE STORES", state="TX"), Party("TO ORDER"), None)
    house = random.choice(("", "", "H1", "H2", "H3"))
    return Bill(
        identifier=1,
        master=f"DRAWN{random.randrange(25)}" if random.random() < 0.6 else f"LONE{random.randrange(10**6)}",
        house=house,
        sub_house=random.choice(("", "", "S1")) if house else "",
        trade_update=day - timedelta(days=random.randrange(3)),
        status=random.choice(("New", "New", "Amended", "Deleted")),
        vessel=random.choice(("ALBA", "BREZO", None)),
        voyage=random.choice(("001E", "002E")),
        arrival=random.choice((day, day + timedelta(days=random.randrange(9)), day - timedelta(days=190), None)),
        weight=random.choice(("0", "999.5", str(random.randrange(1, 30000)), None)),
        weight_unit=random.choice(("Kilograms", "Pounds", "K", "Bushels", None)),
        port=random.choice(
            ("Shanghai ,China (Mainland)", "Bremerhaven,Federal Republic of Germany", "High Seas", None)
        ),
        shipper=random.choice(shippers),
        consignee=random.choice(consignees),
        notify=tuple(random.sample((OAK, ELM, MOVER, POTTERY), random.randrange(3))),
        containers=tuple(
            Container(
                f"ABCU00001{number:02d}",
                random.choice((4000, 2000, 4500, 0, None)),
                random.choice(("22G1", "45G1", None)),
            )
            for number in random.sample(range(12), random.randrange(3))
        ),
        tariff=tuple(random.sample(("8451", "84", "681099.0", "9403608080", "0"), random.randrange(3))),
        text=random.choice((("VASES",), ("HTS-CODE 8431 2000", "STEEL PARTS"), ())),
        in_bond=random.choice((None, None, None, "61", "62")),
    )
