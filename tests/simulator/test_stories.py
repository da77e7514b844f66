"""The stories' figures, counted from the written rows as a reader of the tables would."""

from __future__ import annotations

import pandas as pd
import pytest

from simulator import LAST_CLOSED_WEEK, truth
from simulator.basis.goods import CHOICE_PRODUCT, CORNER_PRODUCT
from tests.simulator.conftest import ReadBack

END = pd.Timestamp(LAST_CLOSED_WEEK)
UNNAMED = "unnamed"


def cleaned(names: pd.Series) -> pd.Series:
    """Upper-case words, as entities are named before they are resolved."""
    return names.str.upper().str.replace(r"[^A-Z0-9]+", " ", regex=True).str.strip()


def clean(name: str | None) -> str:
    return cleaned(pd.Series([name]))[0]


@pytest.fixture(scope="module")
def shipments(embedded: ReadBack) -> pd.DataFrame:
    """Newest versions in force that arrived in the 52 closed weeks: parties, week, kilograms, containers."""
    newest = embedded.deliveries.groupby("bill").tail(1)
    in_force = newest[newest["record_status_indicator"] != "Deleted"]
    week = in_force["arrival"].dt.to_period("W-SUN").dt.start_time
    back = (END - week).dt.days // 7
    window = in_force.assign(back=back)[(back >= 0) & (back < 52)]
    parties = {}
    for side, table, column in (
        ("supplier", "shipper", "shipper_party_name"),
        ("consignee", "consignee", "consignee_name"),
    ):
        rows = embedded.tables[table]
        parties[side] = cleaned(rows.set_index("identifier")[column]).replace("", UNNAMED)
    sized = embedded.tables["container"].query("container_length != '0'").groupby("identifier").size()
    codes = embedded.tables["tariff"].drop_duplicates("identifier").set_index("identifier")["harmonized_number"]
    return window.assign(
        supplier=window["identifier"].map(parties["supplier"]).fillna(UNNAMED),
        consignee=window["identifier"].map(parties["consignee"]).fillna(UNNAMED),
        kg=window["weight"].astype(int),
        boxes=window["identifier"].map(sized).fillna(0),
        hs4=window["identifier"].map(codes).str[:4],
    )


def story(kind: str) -> truth.Story:
    (found,) = [story for story in truth.stories() if story.kind == kind]
    return found


def bills_of(shipments: pd.DataFrame, planted: truth.Story) -> pd.DataFrame:
    return shipments[shipments["supplier"] == clean(planted.supplier_name)]


def test_names_of_the_stories_are_whole_on_every_bill(shipments: pd.DataFrame) -> None:
    for planted in truth.stories():
        assert len(planted.supplier_name) <= 35
        assert (shipments["supplier"] == clean(planted.supplier_name)).sum() >= 12
        if planted.consignee_name:
            assert len(planted.consignee_name) <= 35
            assert (shipments["consignee"] == clean(planted.consignee_name)).any()


def test_the_cornered_buyer_takes_999_beside_49_999_of_two_customers(shipments: pd.DataFrame) -> None:
    ours, rival = story("cornered"), story("cornering_rival")
    bills = bills_of(shipments, ours).groupby("consignee").agg(kg=("kg", "sum"), bills=("kg", "size"))
    assert bills["kg"].to_dict() == {clean(ours.consignee_name): 999, clean(rival.consignee_name): 49_999}
    assert (bills["bills"] >= 12).all()
    # no box of theirs has a size, so that the unit is the kilogram
    assert bills_of(shipments, ours)["boxes"].sum() == 0


def test_the_cornered_buyer_has_no_other_source(shipments: pd.DataFrame) -> None:
    ours = story("cornered")
    product = shipments[shipments["hs4"] == CORNER_PRODUCT.hs4]
    assert set(product["supplier"]) == {clean(ours.supplier_name)}
    assert set(shipments[shipments["consignee"] == clean(ours.consignee_name)]["supplier"]) == {
        clean(ours.supplier_name)
    }


def test_rival_takes_29_containers_a_month_and_we_take_3(shipments: pd.DataFrame) -> None:
    rival, ours = story("rival"), story("small_buyer")
    boxes = bills_of(shipments, ours).groupby("consignee")["boxes"].sum()
    assert boxes[clean(rival.consignee_name)] == 29 * 12
    assert boxes[clean(ours.consignee_name)] == 3 * 12
    assert boxes.idxmax() == clean(rival.consignee_name)


def test_the_top_customer_is_lost_eight_weeks_before_the_end(shipments: pd.DataFrame) -> None:
    planted = story("customer_lost")
    bills = bills_of(shipments, planted)
    top = bills[bills["consignee"] == clean(planted.consignee_name)]
    assert sorted(top["back"].unique()) == list(range(8, 52))
    before = bills[bills["back"] >= 8].groupby("consignee")["boxes"].sum()
    assert before.idxmax() == clean(planted.consignee_name)
    assert before.max() / before.sum() > 0.4
    others = bills[bills["consignee"] != clean(planted.consignee_name)]
    assert set(others["back"]) == set(range(52))


def test_the_dark_customer_loses_its_name_and_not_its_volume(shipments: pd.DataFrame) -> None:
    planted = story("went_dark")
    bills = bills_of(shipments, planted)
    named = bills[bills["consignee"] == clean(planted.consignee_name)].groupby("back")["boxes"].sum()
    unnamed = bills[bills["consignee"] == UNNAMED].groupby("back")["boxes"].sum()
    assert set(named.index) == set(range(12, 52))
    assert set(unnamed.index) == set(range(12))
    assert set(named) == set(unnamed) == {3}


def test_the_other_customer_comes_back_under_its_name(shipments: pd.DataFrame) -> None:
    planted = story("resurfaced")
    bills = bills_of(shipments, planted)
    assert set(bills[bills["consignee"] == clean(planted.consignee_name)]["back"]) == set(range(6))
    assert set(bills[bills["consignee"] == UNNAMED]["back"]) == set(range(6, 52))


def test_the_hungry_supplier_ships_less_than_70_percent_of_its_best(shipments: pd.DataFrame) -> None:
    weekly = bills_of(shipments, story("slack")).groupby("back")["boxes"].sum().sort_index()
    best = weekly.rolling(13).sum().max()
    assert weekly.head(13).sum() < 0.7 * best


def test_the_buyer_has_four_qualified_alternatives_with_room(shipments: pd.DataFrame) -> None:
    planted = story("unused_alternatives")
    product = shipments[shipments["hs4"] == CHOICE_PRODUCT.hs4]
    ours = product[product["consignee"] == clean(planted.consignee_name)]
    assert set(ours["supplier"]) == {clean(planted.supplier_name)}
    need = ours["boxes"].sum() / 4
    qualified = 0
    for supplier, bills in product[product["supplier"] != clean(planted.supplier_name)].groupby("supplier"):
        weekly = bills.groupby("back")["boxes"].sum().reindex(range(52), fill_value=0)
        slack = weekly.rolling(13).sum().max() - weekly.head(13).sum()
        qualified += len(bills) >= 6 and bills["consignee"].nunique() >= 2 and slack >= need
        assert supplier != UNNAMED
    assert qualified == 4
