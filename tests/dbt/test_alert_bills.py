"""From bills to alerts through the whole warehouse: how a bill is written is no news, who ships no more is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from pipeline.settings import Settings
from tests.dbt.world import Bill, Party, build_models, build_week, rows, write_release

MONDAY = date(2026, 10, 5)
QUARTERS = 10
CUT_OFF = MONDAY + timedelta(days=20)
POTTERY = Party("MERIDIAN POTTERY CO LTD", city="FOSHAN", country="CN")
TILE = Party("SALT RIVER TILE SA", city="VIGO", country="ES")
OAK = Party("HOLLOW OAK HOME INC", city="OAKLAND", state="CA", country="US")
ELM = Party("TALL ELM GARDENS LLC", city="AUSTIN", state="TX", country="US")
MILE = Party("NINE MILE STORES", city="RENO", state="NV", country="US")
MOVER = Party("BRIGHTWATER FREIGHT FORWARDING")
SWITCHED, STOPPED = 10, 8
"""Weeks ago since which the pottery's bills to one customer are houses of a forwarder's master, and since which another
has nothing carried through the country, and the tile works' customer ships no more."""


def week_of_bills(ago: int) -> Iterator[Bill]:
    """The bills that arrive in the week that is so many weeks ago."""
    arrival = MONDAY - timedelta(weeks=ago) + timedelta(days=1)
    for n in range(2):
        one = Bill(1, arrival=arrival, voyage=f"{ago:03d}E", shipper=POTTERY)
        name = f"W{ago:03d}N{n}"
        if ago >= SWITCHED:
            yield one.but(master=f"OAK{name}", consignee=OAK)
        else:
            master = one.but(master=f"MOV{name}", bill_type="Master Bill", shipper=MOVER, consignee=MOVER)
            yield master
            yield master.but(bill_type="House Bill", house=f"H{n}", shipper=POTTERY, consignee=OAK)
        yield one.but(master=f"ELM{name}", consignee=ELM)
        yield one.but(master=f"TEL{name}", shipper=TILE, consignee=ELM)
        yield one.but(master=f"TMI{name}", shipper=TILE, consignee=MILE)
        if ago >= STOPPED:
            yield one.but(master=f"THR{name}", consignee=MILE, in_bond="Transportation and Exportation")
            yield one.but(master=f"TOA{name}", shipper=TILE, consignee=OAK)


def released(settings: Settings) -> list[date]:
    """Write ten quarters of bills, each in one release three weeks after the last of its weeks; the days."""
    days = []
    for quarter in reversed(range(QUARTERS)):
        day = CUT_OFF - timedelta(weeks=13 * quarter)
        bills = [bill for ago in range(13 * quarter, 13 * quarter + 13) for bill in week_of_bills(ago)]
        numbered = [bill.but(identifier=int(f"{day:%Y%m%d}{n}")) for n, bill in enumerate(bills)]
        write_release(settings, day, numbered)
        days.append(day)
    return days


@pytest.mark.full
def test_only_the_customer_that_stops_is_alerted_not_a_changed_form_of_bill(settings: Settings) -> None:
    released(settings)
    build_models(settings)
    build_week(settings, MONDAY, CUT_OFF)
    names = "(select supplier_name from dim_supplier as s where s.supplier_id = a.supplier_id) as supplier, "
    names += "(select consignee_name from dim_consignee as c where c.consignee_id = a.consignee_id) as customer"
    alerts = rows(settings, f"select alert_type, {names} from snap_alert as a order by all")
    assert alerts == [{"alert_type": "customer_lost", "supplier": TILE.name, "customer": OAK.name}]
    # houses count, their masters and what is carried through do not
    counted = rows(settings, "select sum(bills) as bills from week_activity")
    weeks = 13 * QUARTERS
    assert counted == [{"bills": 2 * (4 * weeks + weeks - STOPPED)}]
