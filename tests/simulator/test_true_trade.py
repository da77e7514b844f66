"""The truth about trade agrees with what the records show of it."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from simulator import true_trade, truth
from simulator.world.world import Spec

LAST = date(2025, 12, 29)
SPEC = Spec(77, LAST - timedelta(weeks=60), 7 * 62, 60)
"""Weeks enough for one window and the deliveries that come after it."""


@pytest.fixture(scope="module")
def delivered() -> pd.DataFrame:
    table = true_trade.deliveries(SPEC).to_pandas()
    return table.drop_duplicates(list(true_trade.NUMBERS))


@pytest.fixture(scope="module")
def expected() -> pd.DataFrame:
    return true_trade.expected_volume(LAST, 52, SPEC).to_pandas()


def in_window(delivered: pd.DataFrame) -> pd.DataFrame:
    first = LAST - timedelta(weeks=51)
    cargo = delivered[delivered["level"].isin(["regular", "house"])]
    return cargo[(cargo["week_start_date"] >= first) & (cargo["week_start_date"] <= LAST)]


def test_a_window_brings_what_is_expected_of_it(delivered: pd.DataFrame, expected: pd.DataFrame) -> None:
    seen = in_window(delivered)
    # a few houses are never published, a few bills come after the last release
    assert len(seen) == pytest.approx(expected["bills"].sum(), rel=0.06)
    boxed = seen["kilograms"] < 500_000
    bulk = expected["kilograms"] / expected["bills"] > 500_000
    assert seen["kilograms"][boxed].sum() == pytest.approx(expected["kilograms"][~bulk].sum(), rel=0.1)


def test_busy_pairs_ship_about_what_is_expected_of_each(delivered: pd.DataFrame, expected: pd.DataFrame) -> None:
    keys = ["supplier_id", "consignee_id", "hs4"]
    both = expected.set_index(keys).join(in_window(delivered).groupby(keys).size().rename("seen")).fillna(0)
    busy = both[both["bills"] > 30]
    assert len(busy) > 20
    # bills of one booking come together, so a pair's sum varies by more than its root
    assert ((busy["seen"] - busy["bills"]).abs() < 5 * busy["bills"] ** 0.5).mean() > 0.95


def test_a_bill_comes_inside_the_span_of_its_pair(delivered: pd.DataFrame) -> None:
    spans = true_trade.pair_spans(SPEC).to_pandas()
    keys = ["supplier_id", "consignee_id", "hs4"]
    joined = delivered.reset_index().merge(spans, on=keys)
    inside = (joined["first_week"] <= joined["week_start_date"]) & (joined["week_start_date"] <= joined["last_week"])
    assert inside.groupby(joined["index"]).any().all()


def test_only_guessed_codes_are_of_another_heading(delivered: pd.DataFrame) -> None:
    wrong = (delivered["hs4"] != delivered["coded_hs4"]).groupby(delivered["code_origin"]).mean()
    assert wrong["declared"] == 0
    assert 0.3 < wrong["classified"] < 0.7


def test_a_firm_of_a_bill_is_in_the_list_of_firms(delivered: pd.DataFrame) -> None:
    firms = {firm.firm_id: firm for firm in truth.firms(SPEC)}
    row = delivered.iloc[0]
    assert firms[row["supplier_id"]].country_code == row["origin_country_code"]
    assert set(delivered["supplier_id"]) | set(delivered["consignee_id"]) <= set(firms)


def test_story_pairs_ship_exactly_what_was_placed() -> None:
    (lost,) = [story for story in truth.stories() if story.kind == "customer_lost"]
    by_name = {firm.name: firm.firm_id for firm in truth.firms()}
    volume = true_trade.expected_volume(lost.first_week - timedelta(weeks=1)).to_pandas()
    rows = volume[volume["supplier_id"] == by_name[lost.supplier_name]].set_index("consignee_id")
    assert rows["boxes"].sum() == 156 + 78 + 52 + 40
    assert rows["boxes"][by_name[str(lost.consignee_name)]] == 156
