"""Who ships what to whom, from when to when, and how much.

A supplier has slots for customers; a slot is held by one customer for a tenure and then by the next.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from simulator.basis.draws import Bools, Draws, Floats, Ints, within
from simulator.basis.geography import COUNTRIES, US_PORT_WEIGHTS
from simulator.basis.goods import ALL_PRODUCTS
from simulator.names.firms import Firms
from simulator.world import calendar

SLOTS_MEAN: Final = 1.2
SLOTS_GROWTH: Final = 0.42
SLOTS_MOST: Final = 40
"""Customers at a time: their mean grows with the power of the supplier's size."""
TENURES_MOST: Final = 15
"""Of one slot; a relation's key is 16 x slot + tenure, so that it does not depend on how long the world lasts."""
TENURE_WEEKS: Final = 85.0
"""Mean tenure; a fifth of pairs is younger than four months."""
RATE_SIGMA: Final = 1.0
"""Of the logarithm of a pair's bookings a week, beside the size of its supplier."""
BUYER_WEIGHT: Final = 0.4
"""Power of the buyer's size in the rate of a pair."""
BULK_RATE: Final = 0.7
"""Bulk comes by the shipload, so seldom."""
BILLS_PER_BOOKING: Final = 1.22
BILLS_MOST: Final = 8
BOXES_MEAN: Final = 1.35
BOXES_MOST: Final = 8
BURST_SIGMA: Final = 0.45
"""Of the logarithm of a pair's activity, drawn anew every `BURST_WEEKS` weeks: real activity is serially correlated."""
BURST_WEEKS: Final = 6
FORWARDED: Final = 0.3
"""Pairs whose cargo moves under a forwarder's master bill: a smaller part of cargo, since they are small ones."""
FORWARDED_RATE: Final = 0.55
LCL: Final = 0.45
"""Of forwarded pairs: less than a box at a time."""
FIXED: Final = -1
"""`rate` of pairs whose bookings are placed by hand."""


@dataclass(frozen=True)
class Relations:
    """Columns of one entry a pair and tenure.

    Attributes:
        key: what draws about the pair depend on.
        supplier: number of the supplier.
        consignee: number of the consignee.
        product: index into ALL_PRODUCTS.
        first_week: first week of the tenure.
        last_week: last week of it.
        rate: bookings a week before seasons; `FIXED` where they are placed by hand.
        forwarder: number of the forwarder, or -1.
        lcl: 1 where less than a box is shipped at a time.
        origin: index into COUNTRIES, the supplier's.
        us_port: index into US_PORTS.
        bulk: 1 where a bill is a shipload.
        plain: 1 where none of the quirks that change names or volumes may strike (pairs of the stories).
    """

    key: Ints
    supplier: Ints
    consignee: Ints
    product: Ints
    first_week: Ints
    last_week: Ints
    rate: Floats
    forwarder: Ints
    lcl: Ints
    origin: Ints
    us_port: Ints
    bulk: Ints
    plain: Ints

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.key)

    def rows(self, chosen: Bools | Ints) -> Relations:
        """The given rows."""
        return Relations(**{name: column[chosen] for name, column in vars(self).items()})

    def below(self, other: Relations) -> Relations:
        """These rows and, behind them, the other ones."""
        return Relations(
            **{name: np.concatenate([column, getattr(other, name)]) for name, column in vars(self).items()}
        )

    def with_rate(self, rate: Floats) -> Relations:
        """The same pairs with other rates."""
        return replace(self, rate=rate)


def make_relations(
    draws: Draws, suppliers: Firms, consignees: Firms, forwarders: int, first_week: int, last_week: int
) -> Relations:
    """All pairs that are alive in `first_week`..`last_week`; rates are relative."""
    number = np.arange(suppliers.count)
    mean_slots = np.minimum(1 + SLOTS_MEAN * suppliers.size**SLOTS_GROWTH, SLOTS_MOST)
    slots = draws.geometric(number, "slots", mean_slots, SLOTS_MOST)
    supplier, slot_no = within(slots)
    slot = supplier * (SLOTS_MOST + 1) + slot_no
    tenures = min(TENURES_MOST, 3 + round(2.5 * (last_week - first_week) / TENURE_WEEKS))
    length = np.stack(
        [4 + np.ceil(-TENURE_WEEKS * np.log1p(-draws.uniform(slot, f"tenure.{no}"))) for no in range(tenures)],
        axis=1,
    ).astype(np.int64)
    begin = first_week - (draws.uniform(slot, "tenure.elapsed") * length[:, 0]).astype(np.int64)
    ends = begin[:, None] + np.cumsum(length, axis=1)
    starts = ends - length
    row, tenure = np.nonzero((starts <= last_week) & (ends > first_week))
    key = slot[row] * 16 + tenure
    supplier = supplier[row]
    main = ~draws.chance(key, "relation.second", 0.3)
    product = np.where(main, suppliers.product[supplier], suppliers.second[supplier])
    consignee = _buyer(draws, key, product, consignees)
    bulk = draws.chance(key, "relation.bulk", np.array([product.bulk for product in ALL_PRODUCTS])[product])
    forwarded = draws.chance(key, "relation.forwarded", FORWARDED) & (forwarders > 0) & ~bulk
    # a supplier's customers share its size
    rate = suppliers.size[supplier] / slots[supplier] * np.exp(RATE_SIGMA * draws.normal(key, "relation.rate"))
    rate = rate * consignees.size[consignee] ** BUYER_WEIGHT * np.where(bulk, BULK_RATE, 1.0)
    return Relations(
        key=key,
        supplier=supplier,
        consignee=consignee,
        product=product,
        first_week=starts[row, tenure],
        last_week=ends[row, tenure] - 1,
        rate=np.where(forwarded, rate * FORWARDED_RATE, rate),
        forwarder=np.where(forwarded, draws.below(key, "relation.forwarder", max(forwarders, 1)), -1),
        lcl=(forwarded & draws.chance(key, "relation.lcl", LCL)).astype(np.int64),
        origin=suppliers.country[supplier],
        us_port=draws.among(consignee, "consignee.port", US_PORT_WEIGHTS),
        bulk=bulk.astype(np.int64),
        plain=np.zeros(len(key), dtype=np.int64),
    )


def _buyer(draws: Draws, key: Ints, product: Ints, consignees: Firms) -> Ints:
    """A consignee that deals in the product, large ones more often; any one where there is none."""
    dealer = np.concatenate([np.arange(consignees.count)] * 2)
    deals = np.concatenate([consignees.product, consignees.second])
    order = np.lexsort((-consignees.size[dealer], deals))
    dealer, deals = dealer[order], deals[order]
    first = np.searchsorted(deals, product, side="left")
    dealers = np.searchsorted(deals, product, side="right") - first
    chosen = dealer[
        np.minimum(first + draws.skewed(key, "relation.consignee", np.maximum(dealers, 1), 1.6), len(dealer) - 1)
    ]
    return np.where(dealers > 0, chosen, draws.below(key, "relation.any_consignee", consignees.count))


def activity(draws: Draws, relations: Relations, week: int) -> Floats:
    """Expected bookings of each pair in a week, in units of `rate`."""
    alive = np.flatnonzero((relations.first_week <= week) & (week <= relations.last_week) & (relations.rate > 0))
    expected = np.zeros(relations.count)
    expected[alive] = _activity_of(draws, relations.rows(alive), week)
    return expected


def _activity_of(draws: Draws, relations: Relations, week: int) -> Floats:
    """Expected bookings of living pairs."""
    peak = draws.below(relations.product, "product.peak", 365)
    depth = 0.1 + 0.4 * draws.uniform(relations.product, "product.depth")
    burst = np.exp(BURST_SIGMA * draws.normal(relations.key * 1024 + week // BURST_WEEKS, "burst") - BURST_SIGMA**2 / 2)
    stops = np.array([country.stops for country in COUNTRIES])
    level = relations.rate * calendar.season(week, peak, depth) * burst
    if calendar.new_year_level(week) < 1:
        level = np.where(stops[relations.origin], level * calendar.new_year_level(week), level)
    return level
