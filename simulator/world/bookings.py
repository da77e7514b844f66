"""The bills of a week: bookings, the bills of each, their levels (regular, house, master) and containers."""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.basis.draws import Bools, Columns, Floats, Ints, stack, take, within
from simulator.basis.goods import ALL_PRODUCTS
from simulator.world import relations as pairs
from simulator.world import sailings
from simulator.world.bills import BOXED, HOUSE, LOOSE, MASTER, REGULAR, SHARED, SUB_HOUSE, UNSIZED
from simulator.world.world import World

BOOKINGS_MOST: Final = 12
"""Of one pair in one week."""
MASTER_UNSEEN: Final = 0.18
"""Groups of houses whose master is never published."""
HOUSES_UNSEEN: Final = 0.07
"""Masters whose houses are never published: the master is then all there is to count."""
SUB_HOUSES: Final = 0.01
"""House bills below which a sub-house bill carries the same cargo."""
POOLS: Final = 3
"""Shared boxes that a forwarder loads on one lane in one week."""
SMALL_BOX: Final = 0.25
LONG_BOX: Final = 0.03
"""Bookings in 20-foot and in 45-foot boxes; the others are in 40-foot ones."""
SIZE_NOT_GIVEN: Final = 0.1
PART_LOADS: Final = 0.45
"""Bills of less than a box: half of real bills weigh under some 5 tonnes."""
HOLD_KG: Final = 9_000_000.0
HOLD_SIGMA: Final = 1.2
HOLD_MOST_KG: Final = 60_000_000.0
"""A bill of bulk: its median, the spread of its logarithm among pairs, and the largest ship in this trade."""
POOL_KEY: Final = 1 << 52
"""Separates keys of shared containers from keys of bookings."""


def bills_of_week(world: World, week: int) -> Columns:
    """All bills that arrive in a week, those of the stories with them."""
    ordinary = _ordinary(world, week)
    placed = take(world.placed, world.placed["week"] == week)
    return stack([ordinary, placed])


def _ordinary(world: World, week: int) -> Columns:
    draws, relations = world.draws, world.relations
    expected = pairs.activity(draws, relations, week) * world.rate
    bookings = _poisson(draws.uniform(relations.key * 4096 + week, "bookings"), expected)
    relation, booking_no = within(bookings)
    booking = (relations.key[relation] << 16) | ((week & 4095) << 4) | booking_no
    bills = draws.geometric(booking, "bills", pairs.BILLS_PER_BOOKING, pairs.BILLS_MOST)
    of_booking, bill_no = within(bills)
    relation, booking = relation[of_booking], booking[of_booking]
    forwarder, lcl = relations.forwarder[relation], relations.lcl[relation] == 1
    us_port = relations.us_port[relation]
    lane = (forwarder << 16) | (relations.origin[relation] << 8) | us_port
    pool = POOL_KEY | (lane << 16) | ((week & 4095) << 4) | draws.below(booking, "pool", POOLS)
    group = np.where(lcl, pool, booking)
    loose = (relations.bulk[relation] == 1) | draws.chance(booking, "loose", _loose(world, relation))
    mode = np.where(lcl, SHARED, np.where(loose, LOOSE, BOXED))
    mode = np.where((mode != LOOSE) & draws.chance(group, "size", SIZE_NOT_GIVEN) & ~lcl, UNSIZED, mode)
    carrier = sailings.carrier_of(draws, np.where(lcl, pool, relations.key[relation]))
    foot = np.where(
        draws.chance(group, "foot.small", SMALL_BOX), 20, np.where(draws.chance(group, "foot.long", LONG_BOX), 45, 40)
    )
    key = (booking << 4) | bill_no
    part = draws.chance(key, "part", PART_LOADS)
    boxes = np.where(
        part | (mode == SHARED) | (mode == LOOSE),
        1,
        draws.geometric(booking, "boxes", pairs.BOXES_MEAN, pairs.BOXES_MOST),
    )
    bills_table = {
        "key": key,
        "booking": booking,
        "relation": relation,
        "week": np.full(len(key), week),
        "level": np.where(forwarder >= 0, HOUSE, REGULAR),
        "group": group,
        "mode": mode,
        "foot": foot,
        "boxes": boxes,
        "houses": np.ones(len(key), dtype=np.int64),
        "kg": _kilograms(world, key, relation, mode, foot, boxes, part),
        "carrier": carrier,
        "weekday": sailings.arrival_weekday(draws, carrier, us_port, np.full(len(key), week)),
        "lag": np.full(len(key), -1),
    }
    return _with_levels(world, bills_table)


def mean_of_booking(world: World) -> tuple[Floats, Floats, Floats]:
    """Bills, boxes and kilograms that a booking of each pair has on average; boxes of unknown size are counted too."""
    draws, relations = world.draws, world.relations
    full = np.array([product.kg_per_box for product in ALL_PRODUCTS])[relations.product]
    bills = _mean_geometric(pairs.BILLS_PER_BOOKING, pairs.BILLS_MOST)
    loads = _mean_geometric(pairs.BOXES_MEAN, pairs.BOXES_MOST)
    lcl, bulk = relations.lcl == 1, relations.bulk == 1
    loose = np.where(bulk, 1.0, np.where(lcl, 0.0, _loose(world, np.arange(relations.count))))
    boxes = np.where(lcl, 1.0, (1 - loose) * (PART_LOADS + (1 - PART_LOADS) * loads))
    volume = 0.52 * SMALL_BOX + (1 - SMALL_BOX) * (1 + 0.12 * LONG_BOX)
    part, nearly = 0.03 + 0.6 / 3, 0.72 + 0.15
    loaded = PART_LOADS * part + (1 - PART_LOADS) * nearly * (loose + (1 - loose) * loads)
    fill = PART_LOADS * part + (1 - PART_LOADS) * nearly
    grid = (np.arange(200) + 0.5) / 200
    pallets = np.minimum(150 + 2400 * grid**2.2, 0.4 * full[:, None]).mean(axis=1)
    hold = HOLD_KG * np.exp(HOLD_SIGMA * draws.normal(relations.key, "hold")) * (0.7 + 0.6 * fill)
    kg = np.select([bulk, lcl], [np.minimum(hold, HOLD_MOST_KG), pallets], full * volume * loaded)
    return np.full(relations.count, bills), bills * boxes, bills * kg


def _mean_geometric(mean: float, most: int) -> float:
    """Mean of `Draws.geometric`: of 1..most, cut off at the end."""
    return float(sum((1 - 1 / mean) ** number for number in range(most)))


def _loose(world: World, relation: Ints) -> Floats:
    share = np.array([product.loose for product in ALL_PRODUCTS])
    return share[world.relations.product[relation]]


def _kilograms(world: World, key: Ints, relation: Ints, mode: Ints, foot: Ints, boxes: Ints, part: Bools) -> Ints:
    """Weight of a bill: boxes nearly full or with a part load, shared ones by the pallet, bulk by the ship's hold."""
    draws, pairs = world.draws, world.relations
    full = np.array([product.kg_per_box for product in ALL_PRODUCTS])[pairs.product[relation]]
    volume = np.select([foot == 20, foot == 45], [0.52, 1.12], 1.0)
    fill = np.where(part, 0.03 + 0.6 * draws.uniform(key, "fill") ** 2, 0.72 + 0.3 * draws.uniform(key, "fill"))
    pallets = 150 + 2400 * draws.uniform(key, "pallets") ** 2.2
    hold = HOLD_KG * np.exp(HOLD_SIGMA * draws.normal(pairs.key[relation], "hold")) * (0.7 + 0.6 * fill)
    kg = np.select(
        [pairs.bulk[relation] == 1, mode == SHARED],
        [np.minimum(hold, HOLD_MOST_KG), np.minimum(pallets, 0.4 * full)],
        boxes * full * volume * fill,
    )
    whole: Ints = np.maximum(kg.astype(np.int64), 1)
    return whole


def _with_levels(world: World, bills: Columns) -> Columns:
    """Adds masters over groups of houses and sub-houses below some; takes out houses that stay unseen."""
    draws = world.draws
    houses = np.flatnonzero(bills["level"] == HOUSE)
    groups, first, member = np.unique(bills["group"][houses], return_index=True, return_inverse=True)
    unseen = draws.chance(groups, "houses.unseen", HOUSES_UNSEEN)
    seen_master = unseen | ~draws.chance(groups, "master.unseen", MASTER_UNSEEN)
    masters = take(bills, houses[first])
    masters["key"] = groups << 4 | 15
    masters["level"] = np.full(len(groups), MASTER)
    masters["houses"] = np.bincount(member, minlength=len(groups)).astype(np.int64)
    masters["kg"] = np.bincount(member, weights=bills["kg"][houses], minlength=len(groups)).astype(np.int64)
    below = take(bills, houses[draws.chance(bills["key"][houses], "sub_house", SUB_HOUSES)])
    below["level"] = np.full(len(below["key"]), SUB_HOUSE)
    below["key"] = below["key"] | 1 << 56
    hidden = np.zeros(len(bills["key"]), dtype=bool)
    hidden[houses] = unseen[member]
    below = take(below, ~np.isin(below["group"], groups[unseen]))
    return stack([take(bills, ~hidden), take(masters, seen_master), below])


def _poisson(uniform: Floats, expected: Floats) -> Ints:
    """Counts with the given means, by inversion, at most `BOOKINGS_MOST`."""
    count = np.zeros(len(expected), dtype=np.int64)
    term = np.exp(-expected)
    reached = term.copy()
    for number in range(1, BOOKINGS_MOST + 1):
        above = uniform > reached
        if not above.any():
            break
        count[above] = number
        term = term * expected / number
        reached = reached + term
    return count
