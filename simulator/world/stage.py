"""Tools to place bills by hand: firms, pairs and bookings that no chance decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from simulator.basis.draws import Columns, Draws, Ints
from simulator.basis.geography import COUNTRIES, COUNTRY_INDEX, US_CITIES, US_PORTS
from simulator.basis.goods import ALL_PRODUCTS, PRODUCT_INDEX
from simulator.names.certificates import FAR, Certificates
from simulator.names.firms import PLACED_CONSIGNEE_STEM, PLACED_SUPPLIER_STEM, Firms
from simulator.world import bills, sailings
from simulator.world.relations import FIXED, Relations
from simulator.world.span import WEEKS

FIRST_KEY: Final = 1 << 26
"""Keys of placed pairs, above all others."""
BOXES_A_BILL: Final = 3
FILL: Final = 0.9
LAGS: Final = (1, 2, 3, 5)
"""Days from arrival to the first delivery: known long before the week closes."""


@dataclass(frozen=True)
class PlacedStory:
    """A story in numbers of firms.

    Attributes:
        name: in a few words.
        kind: in one word.
        supplier: number among the suppliers.
        consignee: number among the consignees; None where it is about a supplier alone.
        hs4: heading of the cargo.
        first_week: number of the first week in which it can be seen.
        note: its figures.
    """

    name: str
    kind: str
    supplier: int
    consignee: int | None
    hs4: str
    first_week: int
    note: str


@dataclass(frozen=True)
class Placed:
    """What the stories add to a world."""

    suppliers: Firms
    consignees: Firms
    relations: Relations
    certificates: Certificates
    bills: Columns
    stories: tuple[PlacedStory, ...]

    @property
    def bills_a_week(self) -> float:
        """Bills of the stories in an average week."""
        return len(self.bills["key"]) / WEEKS


def spread(total: int, parts: int) -> list[int]:
    """`total` in `parts` whole parts as equal as can be, in an even rhythm."""
    return [total * (part + 1) // parts - total * part // parts for part in range(parts)]


@dataclass
class Stage:
    """Collects what is placed.

    Attributes:
        draws: of the world; the timetable follows from them.
        first_supplier: number of the first placed supplier.
        first_consignee: number of the first placed consignee.
        first_relation: row of the first placed pair.
        first_week: number of the world's first week.
        last_week: number of its last week.
        years: how many times 52 weeks reach back to the first one.
    """

    draws: Draws
    first_supplier: int
    first_consignee: int
    first_relation: int
    first_week: int
    last_week: int
    years: int = 4
    _suppliers: list[tuple[int, int]] = field(default_factory=list)
    _consignees: list[tuple[int, tuple[int, int]]] = field(default_factory=list)
    _pairs: dict[tuple[int, int], int] = field(default_factory=dict)
    _of_week: Counter[tuple[int, int]] = field(default_factory=Counter)
    _bills: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    _stories: list[PlacedStory] = field(default_factory=list)

    def supplier(self, country: str, hs4: str) -> int:
        """A new supplier; returns its number."""
        self._suppliers.append((COUNTRY_INDEX[country], PRODUCT_INDEX[hs4]))
        return self.first_supplier + len(self._suppliers) - 1

    def consignee(self, hs4: str, hidden: tuple[int, int] = (FAR, FAR)) -> int:
        """A new consignee, its name hidden from one week to another; returns its number."""
        self._consignees.append((PRODUCT_INDEX[hs4], hidden))
        return self.first_consignee + len(self._consignees) - 1

    def pair(self, supplier: int, consignee: int) -> int:
        """Number of a placed pair."""
        return self._pairs.setdefault((supplier, consignee), len(self._pairs))

    def ship(self, pair: int, week: int, *, boxes: int = 0, kg: int = 0) -> None:
        """One bill: boxes of 40 feet, or kilograms in a box of unknown size."""
        if self.first_week <= week <= self.last_week:
            self._bills.append((pair, week, self._of_week[pair, week], boxes, kg))
            self._of_week[pair, week] += 1

    def ship_boxes(self, pair: int, last: int, weekly: Sequence[int], until: int | None = None) -> None:
        """Boxes of the week `last` and of the weeks before it, newest first, none after `until`."""
        for back, boxes in enumerate(weekly):
            if until is not None and last - back > until:
                continue
            for first in range(0, boxes, BOXES_A_BILL):
                self.ship(pair, last - back, boxes=min(BOXES_A_BILL, boxes - first))

    def record(self, name: str, kind: str, supplier: int, consignee: int | None, first_week: int, note: str) -> None:
        """Record a story for `truth`."""
        hs4 = ALL_PRODUCTS[self._suppliers[supplier - self.first_supplier][1]].hs4
        self._stories.append(PlacedStory(name, kind, supplier, consignee, hs4, first_week, note))

    def placed(self) -> Placed:
        """Everything as columns."""
        country, product = np.array(self._suppliers).T
        wanted = np.array([product for product, _ in self._consignees])
        hidden = np.array([weeks for _, weeks in self._consignees])
        relations = self._relations(country, product)
        return Placed(
            suppliers=_firms(
                country, product, np.array([len(place.cities) for place in COUNTRIES])[country], PLACED_SUPPLIER_STEM
            ),
            consignees=_firms(
                np.full(len(wanted), -1), wanted, np.full(len(wanted), len(US_CITIES)), PLACED_CONSIGNEE_STEM
            ),
            relations=relations,
            certificates=Certificates(hidden[:, 0], hidden[:, 1], np.zeros(len(hidden), dtype=np.int64)),
            bills=self._columns(relations),
            stories=tuple(self._stories),
        )

    def _relations(self, country: Ints, product: Ints) -> Relations:
        supplier, consignee = np.array(list(self._pairs)).T
        count = len(supplier)
        of_supplier = supplier - self.first_supplier
        return Relations(
            key=FIRST_KEY + 16 * np.arange(count),
            supplier=supplier,
            consignee=consignee,
            product=product[of_supplier],
            first_week=np.full(count, self.first_week),
            last_week=np.full(count, self.last_week),
            rate=np.full(count, float(FIXED)),
            forwarder=np.full(count, -1),
            lcl=np.zeros(count, dtype=np.int64),
            origin=country[of_supplier],
            us_port=consignee % len(US_PORTS),
            bulk=np.zeros(count, dtype=np.int64),
            plain=np.ones(count, dtype=np.int64),
        )

    def _columns(self, relations: Relations) -> Columns:
        pair, week, number, boxes, kg = np.array(self._bills).T
        booking = (relations.key[pair] << 16) | ((week & 4095) << 4)
        key = (booking << 4) | number
        us_port = relations.us_port[pair]
        carrier = sailings.carrier_of(self.draws, relations.key[pair])
        full = np.array([product.kg_per_box for product in ALL_PRODUCTS])[relations.product[pair]]
        same = np.ones(len(key), dtype=np.int64)
        return {
            "key": key,
            "booking": booking,
            "relation": self.first_relation + pair,
            "week": week,
            "level": same * bills.REGULAR,
            "group": booking,
            "mode": np.where(boxes > 0, bills.BOXED, bills.UNSIZED),
            "foot": same * 40,
            "boxes": np.maximum(boxes, 1),
            "houses": same,
            "kg": np.where(boxes > 0, (boxes * full * FILL).astype(np.int64), kg),
            "carrier": carrier,
            "weekday": sailings.arrival_weekday(self.draws, carrier, us_port, week),
            "lag": np.array(LAGS)[self.draws.below(booking, "placed.lag", len(LAGS))],
        }


def _firms(country: Ints, product: Ints, cities: Ints, first_stem: int) -> Firms:
    number = np.arange(len(product))
    zero = np.zeros(len(product), dtype=np.int64)
    return Firms(
        stem=first_stem + number,
        country=country,
        city=(3 * number + 1) % cities,
        product=product,
        second=product,
        size=np.ones(len(product)),
        sister=number,
        plain=np.ones(len(product), dtype=np.int64),
        word=zero,
        situation=zero,
        other=number,
        site=number,
    )
