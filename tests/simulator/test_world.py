"""The world behaves as trade does: tails, bursts, seasons, the New Year stop, churn; and it grows with its volume."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from simulator.basis.draws import Columns, Draws, stack, take
from simulator.basis.geography import COUNTRIES
from simulator.basis.goods import ALL_PRODUCTS
from simulator.names.firms import counts_for
from simulator.world import calendar, span
from simulator.world.bills import MASTER
from simulator.world.bookings import bills_of_week
from simulator.world.world import EMBEDDED, World, build


@pytest.fixture(scope="module")
def world() -> World:
    return build(EMBEDDED)


@pytest.fixture(scope="module")
def cargo(world: World) -> Columns:
    """Bills of all weeks that are no masters and belong to no story."""
    first = calendar.week_of(world.first_day)
    bills = stack([bills_of_week(world, week) for week in range(first, first + span.WEEKS)])
    return take(bills, (bills["level"] != MASTER) & (world.relations.plain[bills["relation"]] == 0))


def weekly(world: World, cargo: Columns, rows: np.ndarray) -> np.ndarray:
    """Bills in each week of the span."""
    first = calendar.week_of(world.first_day)
    return np.bincount(cargo["week"][rows] - first, minlength=span.WEEKS)


def test_a_tenth_of_the_pairs_ships_much_of_the_cargo(world: World, cargo: Columns) -> None:
    # in bills: shiploads of bulk are nearly all of the weight
    volume = np.sort(np.bincount(cargo["relation"]))[::-1]
    volume = volume[volume > 0]
    assert 0.35 < volume[: len(volume) // 10].sum() / volume.sum() < 0.8


def test_bills_come_in_bursts(cargo: Columns) -> None:
    _, bills = np.unique(cargo["relation"] * 10_000 + cargo["week"], return_counts=True)
    # METRICS: phi = E[k2] / E[k] over bills k of a pair-week; 1 would be one bill at a time
    assert 1.5 < (bills**2).mean() / bills.mean() < 8


def test_bills_of_a_booking_share_vessel_and_week(cargo: Columns) -> None:
    order = np.argsort(cargo["booking"], kind="stable")
    same = np.diff(cargo["booking"][order]) == 0
    assert 0.1 < same.mean() < 0.4
    for name in ("week", "carrier", "weekday", "relation"):
        assert not np.diff(cargo[name][order])[same].any(), name


def test_chinese_factories_stop_at_new_year_and_italian_ones_do_not(world: World, cargo: Columns) -> None:
    stops = np.array([country.stops for country in COUNTRIES])[world.relations.origin[cargo["relation"]]]
    first = calendar.week_of(world.first_day)
    stopped = np.array([calendar.new_year_level(first + week) < 1 for week in range(span.WEEKS)])
    around = np.convolve(stopped, np.ones(9), "same").astype(bool) & ~stopped
    assert stopped.sum() >= 9
    with_stop, without = weekly(world, cargo, stops), weekly(world, cargo, ~stops)
    assert with_stop[stopped].mean() < 0.3 * with_stop[around].mean()
    assert without[stopped].mean() > 0.7 * without[around].mean()


def test_pairs_begin_and_end(world: World) -> None:
    pairs = world.relations.rows(world.relations.plain == 0)
    first = calendar.week_of(world.first_day)
    born = (pairs.first_week > first) & (pairs.first_week < first + span.WEEKS)
    gone = (pairs.last_week > first) & (pairs.last_week < first + span.WEEKS)
    assert 0.3 < born.mean() < 0.9
    assert 0.3 < gone.mean() < 0.9


def test_a_week_has_some_hundred_bills_beside_the_stories(world: World, cargo: Columns) -> None:
    assert 70 < len(cargo["key"]) / span.WEEKS < 200


def test_suppliers_are_in_many_countries_and_trades(world: World) -> None:
    assert 1_500 <= world.suppliers.count <= 3_000
    assert 1_500 <= world.consignees.count <= 3_000
    assert len(np.unique(world.suppliers.country)) >= 12
    assert len(np.unique(world.suppliers.product)) >= 15


def test_most_products_have_several_suppliers(world: World) -> None:
    makers = np.bincount(world.suppliers.product, minlength=len(ALL_PRODUCTS))
    assert np.median(makers[makers > 0]) >= 3


def test_a_larger_world_has_more_firms() -> None:
    small, large = counts_for(57), counts_for(45_000)
    assert 20 < large.suppliers / small.suppliers < 45_000 / 57
    assert large.products == len(ALL_PRODUCTS) - 2


def test_every_product_has_two_codes_below_its_heading() -> None:
    for product in ALL_PRODUCTS:
        assert len(product.codes) == 2
        assert all(code.startswith(product.hs4) and len(code) == 6 for code in product.codes)


def test_draws_depend_on_key_purpose_and_seed_only() -> None:
    keys = np.arange(1000)
    draws = Draws(1)
    assert (draws.uniform(keys, "a")[500:] == draws.uniform(keys[500:], "a")).all()
    assert abs(np.corrcoef(draws.uniform(keys, "a"), draws.uniform(keys, "b"))[0, 1]) < 0.1
    assert (draws.uniform(keys, "a") != Draws(2).uniform(keys, "a")).all()


def test_draws_follow_their_distributions() -> None:
    keys, draws = np.arange(50_000), Draws(4)
    assert draws.uniform(keys, "u").mean() == pytest.approx(0.5, abs=0.01)
    assert draws.geometric(keys, "g", 3.0, 1000).mean() == pytest.approx(3.0, abs=0.1)
    assert draws.normal(keys, "n").std() == pytest.approx(1.0, abs=0.02)
    shares = np.bincount(draws.among(keys, "w", (1.0, 3.0))) / len(keys)
    assert shares == pytest.approx([0.25, 0.75], abs=0.01)


def test_every_code_is_one_of_the_harmonised_system() -> None:
    listed = Path(__file__).parents[3] / "shared" / "data" / "reference" / "harmonized_system_pddl.csv"
    if not listed.exists():
        pytest.skip("the reference list of codes is not beside the project")
    with listed.open(newline="") as lines:
        known = {row["hscode"] for row in csv.DictReader(lines)}
    assert {code for product in ALL_PRODUCTS for code in product.codes} <= known
