"""Facts of a block of deliveries that all tables need."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from simulator.basis.draws import Bools, Columns, Draws, Ints, height, within
from simulator.basis.geography import US_CITIES
from simulator.basis.goods import PRODUCTS
from simulator.feed import versions
from simulator.names.texts import Text, digits, either, glue, pick, pool, whole
from simulator.world import calendar, sailings
from simulator.world.bills import BOXED, LOOSE, MASTER, SHARED, UNSIZED
from simulator.world.relations import Relations
from simulator.world.world import World

SHIFTED_DAYS: Final = 6
"""Most days by which an amendment moves the arrival."""
OLDEST_SLIP: Final = 11 * 366
REUSED: Final = 0.012
REUSE_AFTER_WEEKS: Final = 61
"""Bills with the number that a bill of the same pair had so many weeks before: an old number for other cargo."""
CODE_ORIGINS: Final = (0.6, 0.3, 0.1)
"""Bills without a code in the tariff table, with the importer's own, with one that a seller of data guessed: real
records have a code on 42 % of the rows."""
NO_CODE, DECLARED, CLASSIFIED = range(3)
GUESSED_WRONG: Final = 0.5
GUESSES: Final = 5
"""Guessed codes of another heading, and the headings as which one product is guessed."""
SECOND_CODE: Final = 0.07
"""Bills with a second product's code."""


@dataclass(frozen=True)
class BoxRows:
    """The boxes of deliveries, one entry a box (or one for cargo outside boxes).

    Attributes:
        of: row of the delivery.
        number: 0, 1, ... within the delivery.
        key: what draws about the box depend on; the same on every bill that shares it.
    """

    of: Ints
    number: Ints
    key: Ints


@dataclass(frozen=True)
class Rows:
    """Lines of a table and the deliveries they belong to, in order."""

    of: Ints
    lines: Text


class Facts:
    """A block of deliveries and what follows from it."""

    def __init__(self, world: World, block: Columns) -> None:
        """Read a block of `feed.blocks`."""
        self.world = world
        self.block = block
        self.key = block["key"]
        self.shown_version = np.where(block["status"] == versions.DELETED, block["version"] - 1, block["version"])
        """The version whose content is shown: a deletion repeats the one before it."""

    @property
    def draws(self) -> Draws:
        """Of the world."""
        return self.world.draws

    @property
    def count(self) -> int:
        """Deliveries."""
        return height(self.block)

    @cached_property
    def pair(self) -> Relations:
        """The pair of each delivery."""
        return self.world.relations.rows(self.block["relation"])

    @cached_property
    def plain(self) -> Bools:
        """Deliveries of the stories, without quirks."""
        plain: Bools = self.pair.plain == 1
        return plain

    @cached_property
    def master(self) -> Bools:
        """Deliveries of master bills."""
        master: Bools = self.block["level"] == MASTER
        return master

    @cached_property
    def state(self) -> Ints:
        """Key of a bill in one of its versions."""
        return self.key * 8 + self.shown_version

    @cached_property
    def change(self) -> Ints:
        """What the newest shown amendment changed, or -1."""
        return self.block["change"]

    @cached_property
    def days(self) -> calendar.DayTexts:
        """Texts of all days that can be printed."""
        first = calendar.monday_of(self.world.first_week)
        return calendar.DayTexts(first - OLDEST_SLIP, self.world.last_day + 400 + OLDEST_SLIP)

    @cached_property
    def identifier(self) -> Text:
        """Run date and row number of the day, unpadded."""
        return glue(self.days.compact(self.block["run_day"]), whole(self.block["row"]))

    @cached_property
    def arrival(self) -> Ints:
        """Ordinal of the arrival in this version."""
        sailed = calendar.monday_of(0) + 7 * self.block["week"] + self.block["weekday"]
        moved = (self.change == versions.CHANGE_ARRIVAL) | (self.change == versions.SPLIT)
        return np.where(moved, sailed + 1 + self.draws.below(self.state, "moved", SHIFTED_DAYS), sailed)

    @cached_property
    def in_transit(self) -> Bools:
        """Deliveries to consignees outside the United States."""
        firms = self.world.consignees
        abroad: Bools = firms.city[self.pair.consignee] >= len(US_CITIES)
        return abroad & ~self.plain

    @cached_property
    def kilograms(self) -> Ints:
        """Weight in this version."""
        kg = self.block["kg"]
        corrected = (kg * (0.9 + 0.2 * self.draws.uniform(self.state, "kg"))).astype(np.int64)
        part = (kg * 0.4).astype(np.int64)
        weight = np.select(
            [self.change == versions.CHANGE_WEIGHT, self.change == versions.SPLIT], [corrected, part], kg
        )
        positive: Ints = np.maximum(weight, 1)
        return positive

    @cached_property
    def number_key(self) -> Ints:
        """What the bill's number depends on."""
        again = self.draws.chance(self.block["group"], "reused", REUSED) & ~self.plain
        return np.where(again, self.block["group"] - (REUSE_AFTER_WEEKS << 4), self.block["group"])

    @cached_property
    def vessel(self) -> Ints:
        """Number of the vessel."""
        return sailings.vessel_of(self.draws, self.block["carrier"], self.pair.us_port, self.block["week"])

    @cached_property
    def boxes(self) -> BoxRows:
        """Boxes of every delivery; a master's are those of its houses."""
        block = self.block
        own = np.where(block["mode"] == SHARED, 1, np.where(block["mode"] == LOOSE, 1, block["boxes"]))
        every = np.where((block["mode"] == BOXED) | (block["mode"] == UNSIZED), block["houses"], 1) * own
        of, number = within(every)
        bill = np.where(self.master[of], number // np.maximum(own[of], 1), self.key[of] & 15)
        apart = (block["group"][of] << 10) | (bill << 6) | (number % np.maximum(own[of], 1))
        return BoxRows(of, number, np.where(block["mode"][of] == SHARED, block["group"][of] << 10, apart))

    @cached_property
    def box_number(self) -> Text:
        """Container numbers with their check digit; `NC` and the like for cargo outside boxes."""
        prefix = self.draws.below(self.boxes.key, "box.prefix", len(sailings.OWNER_PREFIXES))
        serial = self.draws.below(self.boxes.key, "box.serial", 1_000_000)
        boxed = glue(pick(pool(sailings.OWNER_PREFIXES), prefix), digits(serial * 10 + _check_digit(prefix, serial), 7))
        loose = pick(pool(["NC", "NC", "NC", "NONE", "NA"]), self.draws.below(self.key, "no_box", 5))
        return either(self.block["mode"][self.boxes.of] == LOOSE, pick(loose, self.boxes.of), boxed)

    @cached_property
    def code_origin(self) -> Ints:
        """Where the code in the tariff table comes from; masters of shared boxes have none."""
        origin = np.where(self.plain, DECLARED, self.draws.among(self.key, "code.origin", CODE_ORIGINS))
        return np.where(self.master & (self.pair.lcl == 1), NO_CODE, origin)

    @cached_property
    def coded_product(self) -> Ints:
        """Index of the product whose code is in the tariff table: a guess is often of another heading."""
        product = self.pair.product
        wrong = (self.code_origin == CLASSIFIED) & self.draws.chance(self.key, "code.wrong", GUESSED_WRONG)
        guess = self.draws.below(
            product * GUESSES + self.draws.skewed(self.key, "code.guess", np.full(self.count, GUESSES)),
            "code.guessed",
            len(PRODUCTS),
        )
        return np.where(wrong, guess, product)

    @cached_property
    def second_product(self) -> Ints:
        """Index of a second product on the bill, or -1."""
        other = self.world.suppliers.second[self.pair.supplier]
        more = self.draws.chance(self.key, "second_code", SECOND_CODE) & (other != self.pair.product) & ~self.plain
        return np.where(more, other, -1)

    def for_rows(self, of: Ints) -> Text:
        """Identifiers of rows that belong to the deliveries `of`."""
        return pick(self.identifier, of)


def _check_digit(prefix: Ints, serial: Ints) -> Ints:
    """ISO 6346: letters count 10, 12 ... 38 without the multiples of 11, the n-th place counts 2^n."""
    values = [number for number in range(10, 39) if number % 11]
    of_prefix = [
        sum(values[ord(letter) - ord("A")] << place for place, letter in enumerate(text))
        for text in sailings.OWNER_PREFIXES
    ]
    total = np.array(of_prefix)[prefix]
    for place in range(6):
        total = total + (serial // 10 ** (5 - place) % 10 << (4 + place))
    return total % 11 % 10
