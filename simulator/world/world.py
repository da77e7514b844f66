"""A world: its firms, pairs, certificates and placed stories, made once from a seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np

from simulator.basis.draws import Columns, Draws, Floats, Ints
from simulator.names import firms
from simulator.names.certificates import Certificates, make_certificates
from simulator.names.firms import Directory
from simulator.world import bills, calendar, relations, stories
from simulator.world.relations import Relations
from simulator.world.span import DAYS, EMBEDDED_BILLS_PER_DAY, EMBEDDED_SEED, FIRST_RELEASE
from simulator.world.stage import PlacedStory, Stage

ROWS_PER_BOOKING: Final = 1.75
"""Measured: bills of a booking, with the masters over them and all their versions."""
ROWS_PER_PLACED: Final = 1.15
"""Bills of the stories have no masters."""
BOOKINGS_A_WEEK_MOST: Final = 5.0
"""Of one pair: more would be a shuttle service."""
PROBED_WEEKS: Final = 13
"""Weeks whose activity is averaged to scale the rates, out of the span's first 52."""
DEEPEST_PAST_WEEKS: Final = 8
"""Bills that arrived so long before the first release can still be amended in it."""


@dataclass(frozen=True)
class Spec:
    """What a world follows from.

    Attributes:
        seed: of all draws.
        first: first release day.
        days: number of release days.
        bills_per_day: deliveries a day, on average, all versions counted.
    """

    seed: int
    first: date
    days: int
    bills_per_day: int

    @property
    def has_stories(self) -> bool:
        """Whether the stories fit in: only the embedded span has the weeks that they are placed in."""
        return self.first == FIRST_RELEASE and self.days == DAYS


EMBEDDED: Final = Spec(EMBEDDED_SEED, FIRST_RELEASE, DAYS, EMBEDDED_BILLS_PER_DAY)
REAL_KIND: Final = Spec(404, date(2022, 1, 3), 7 * 156, 60)
"""The world in which figures are measured: of the same kind, with another seed and size and without stories."""


@dataclass(frozen=True)
class World(Directory):
    """Everything that is needed to make the bills of a week: its firms (`Directory`) and their doings.

    Attributes:
        spec: what it follows from.
        relations: pairs; those of the stories last.
        rate: factor from relative rates to bookings a week.
        certificates: whose names are hidden when.
        placed: bills of the stories (columns of `bills.COLUMNS`).
        stories: the placed stories.
    """

    spec: Spec
    relations: Relations
    rate: float
    certificates: Certificates
    placed: Columns
    stories: tuple[PlacedStory, ...]

    @property
    def first_day(self) -> int:
        """Ordinal of the first release day."""
        return calendar.ordinal(self.spec.first)

    @property
    def last_day(self) -> int:
        """Ordinal of the last release day."""
        return self.first_day + self.spec.days - 1

    @property
    def first_week(self) -> int:
        """First arrival week whose bills can be delivered."""
        return calendar.week_of(self.first_day) - DEEPEST_PAST_WEEKS

    @property
    def last_week(self) -> int:
        """Last arrival week whose bills can be delivered: some are published before they arrive."""
        return calendar.week_of(self.last_day) + 1


@lru_cache(maxsize=2)
def build(spec: Spec) -> World:
    """The world of a spec."""
    draws = Draws(spec.seed)
    counts = firms.counts_for(spec.bills_per_day)
    suppliers = firms.make_suppliers(draws, counts)
    consignees = firms.make_consignees(draws, counts)
    first_day = calendar.ordinal(spec.first)
    first_week = calendar.week_of(first_day)
    last_week = calendar.week_of(first_day + spec.days) + 1
    pairs = relations.make_relations(
        draws, suppliers, consignees, counts.forwarders, first_week - DEEPEST_PAST_WEEKS, last_week
    )
    placed = None
    if spec.has_stories:
        placed = stories.place(Stage(draws, suppliers.count, consignees.count, pairs.count, first_week, last_week))
    wanted = 7.0 * spec.bills_per_day - (ROWS_PER_PLACED * placed.bills_a_week if placed else 0.0)
    probed = np.unique(np.linspace(first_week, min(last_week, first_week + 52), PROBED_WEEKS).astype(np.int64))
    pairs, rate = _scaled(draws, pairs, probed, wanted / ROWS_PER_BOOKING)
    volume: Floats = np.bincount(pairs.consignee, weights=pairs.rate, minlength=consignees.count).astype(np.float64)
    certificates = make_certificates(draws, volume, first_week)
    if placed:
        suppliers = firms.with_placed(suppliers, placed.suppliers)
        consignees = firms.with_placed(consignees, placed.consignees)
        pairs = pairs.below(placed.relations)
        certificates = certificates.below(placed.certificates)
    return World(
        spec=spec,
        draws=draws,
        suppliers=suppliers,
        consignees=consignees,
        forwarders=firms.make_houses(draws, counts.forwarders, "forwarder", firms.FORWARDER_STEM),
        banks=firms.make_houses(draws, counts.banks, "bank", firms.BANK_STEM),
        relations=pairs,
        rate=rate,
        certificates=certificates,
        placed=placed.bills if placed else bills.none(),
        stories=placed.stories if placed else (),
    )


def _scaled(draws: Draws, pairs: Relations, weeks: Ints, bookings: float) -> tuple[Relations, float]:
    """Rates and their factor, so that a week has the wanted number of bookings on average."""

    def mean_week(candidate: Relations) -> float:
        return float(np.mean([relations.activity(draws, candidate, int(week)).sum() for week in weeks]))

    rate = bookings / mean_week(pairs)
    capped = np.minimum(pairs.rate, BOOKINGS_A_WEEK_MOST / rate)
    pairs = pairs.with_rate(capped)
    return pairs, bookings / mean_week(pairs)
