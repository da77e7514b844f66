"""Alternatives of the embedded world: its planted stories, counted from its files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from pipeline.ingest.formats.ams import TABLES
from pipeline.settings import Settings
from simulator import LAST_CLOSED_WEEK, LAST_RELEASE
from simulator.basis.goods import CHOICE_PRODUCT
from simulator.world.stories import HUNGRY_FOR, QUALIFIED
from tests.dbt.conftest import empty
from tests.dbt.trade import WEEK, Trade
from tests.simulator.conftest import DAYS_READ, embedded_release, file_name, read_file
from tests.simulator.test_stories import clean, cleaned, story

Tables = dict[str, list[dict[str, Any]]]
READ = ("header", "billgen", "shipper", "consignee", "container", "tariff", "cargodesc")
HUNGRY = "8481"
HUNGRY_BOXES_A_WEEK = 4 + 3 + 2
HUNGRY_LAST = 26 + 19 + 13
"""Boxes of its three customers in the last quarter: half of the year's quarter, rounded down for each."""


def read_tables() -> dict[str, pd.DataFrame]:
    """The last 60 weeks of the embedded world."""
    rows: dict[str, list[list[str]]] = {table: [] for table in READ}
    for back in reversed(range(DAYS_READ)):
        day = LAST_RELEASE - timedelta(back)
        files = embedded_release(day)
        for table in READ:
            rows[table] += read_file(files[file_name(table, day)], table, day)[0]
    return {name: pd.DataFrame(found, columns=list(TABLES[name].columns), dtype=object) for name, found in rows.items()}


def trade_of_stories() -> Trade:
    """All bills in force of the products of the two stories; firms are their names, which vary in punctuation only."""
    tables = read_tables()
    both = tables["header"].merge(tables["billgen"], on="identifier")
    bill = both["master_bol_number"] + "|" + both["house_bol_number"] + "|" + both["sub_house_bol_number"]
    newest = both.assign(bill=bill).sort_values(["run_date", "trade_update_date", "identifier"]).groupby("bill").tail(1)
    newest = newest[newest["record_status_indicator"] != "Deleted"]
    codes = tables["tariff"].drop_duplicates("identifier").set_index("identifier")["harmonized_number"]
    sized = tables["container"].query("container_length != '0'").groupby("identifier").size()
    names = {
        side: cleaned(tables[table].drop_duplicates("identifier").set_index("identifier")[column])
        for side, table, column in (
            ("supplier", "shipper", "shipper_party_name"),
            ("consignee", "consignee", "consignee_name"),
        )
    }
    texts = tables["cargodesc"].groupby("identifier")["description_text"].agg(" ".join)
    week = pd.to_datetime(newest["actual_arrival_date"].where(newest["actual_arrival_date"] != "")).dt.to_period(
        "W-SUN"
    )
    chosen = newest.assign(
        hs4=newest["identifier"].map(codes).str[:4],
        back=(pd.Timestamp(LAST_CLOSED_WEEK) - week.dt.start_time).dt.days // 7,
    )
    chosen = chosen[chosen["hs4"].isin([CHOICE_PRODUCT.hs4, HUNGRY]) & (chosen["back"] >= 0)]
    trade = Trade()
    for row in chosen.itertuples():
        key = row.identifier
        supplier, consignee = names["supplier"].get(key), names["consignee"].get(key)
        boxes = int(sized.get(key, 0))
        trade.ship(
            row.hs4,
            supplier or None,
            consignee or None,
            [int(row.back)],
            2 * boxes,
            kg=float(row.weight),
            text=texts.get(key, ""),
        )
    return trade


@pytest.fixture(scope="module")
def built(shared_home: Settings) -> Iterator[Tables]:
    empty(shared_home)
    assert WEEK == LAST_CLOSED_WEEK
    yield trade_of_stories().build(shared_home)
    empty(shared_home)


def test_the_buyer_with_unused_alternatives_is_shown_its_four_in_order(built: Tables) -> None:
    planted = story("unused_alternatives")
    buyer, current = clean(planted.consignee_name), clean(planted.supplier_name)
    of_product = [row for row in built["week_need"] if row["hs4"] == CHOICE_PRODUCT.hs4]
    (need,) = [row for row in of_product if row["consignee_id"] == buyer]
    assert need["largest_supplier_id"] == current
    # 20 containers of two TEU a year
    assert need["need"] == 10
    listed = [
        row for row in built["snap_alternative"] if row["consignee_id"] == buyer and row["hs4"] == CHOICE_PRODUCT.hs4
    ]
    found = sorted((row for row in listed if row["grade"] == "A"), key=lambda row: row["rank"])
    assert [row["rank"] for row in found] == list(range(1, QUALIFIED + 1))
    assert not any(row["already_supplies"] for row in found)
    assert current not in {row["alternative_supplier_id"] for row in found}
    # a container or two a week to each of two customers: 52 and 26 containers a quarter
    assert {row["spare_capacity"] for row in found} == {52}
    assert min(row["similarity"] for row in found) >= 0.3


def test_the_supplier_of_a_single_customer_is_of_no_grade_a(built: Tables) -> None:
    sellers = [row for row in built["week_candidate"] if row["hs4"] == CHOICE_PRODUCT.hs4]
    assert len([row for row in sellers if row["spare_quarter"]]) == QUALIFIED


def test_the_slack_of_the_hungry_supplier_is_found(built: Tables) -> None:
    (hungry,) = [row for row in built["week_candidate"] if row["supplier_id"] == clean(story("slack").supplier_name)]
    assert HUNGRY_FOR == 13
    assert hungry["best_window"] == 2 * 13 * HUNGRY_BOXES_A_WEEK
    assert hungry["last_window"] == 2 * HUNGRY_LAST
    assert hungry["spare_quarter"] == 2 * (13 * HUNGRY_BOXES_A_WEEK - HUNGRY_LAST)
    offered = [row for row in built["snap_alternative"] if row["alternative_supplier_id"] == hungry["supplier_id"]]
    assert {(row["last_window"], row["spare_capacity"]) for row in offered} == {(116, 118)}
    # to its own customers it is no news
    assert [row["already_supplies"] for row in offered].count(True) == 3
