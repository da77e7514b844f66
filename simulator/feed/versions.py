"""The versions of a bill: on which release day each is delivered, and what it changes."""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.basis.draws import Bools, Columns, Ints, stack, take
from simulator.world import calendar
from simulator.world.bills import MASTER
from simulator.world.world import World

NEW, AMENDED, DELETED = range(3)
STATUS_TEXTS: Final = ("New", "Amended", "Deleted")

AMENDED_SHARE: Final = 0.15
"""Bills that come again as amended."""
AMENDED_TWICE: Final = 0.18
"""Of these, once more."""
DELETED_SHARE: Final = 0.016
NEVER_NEW: Final = 0.02
"""Bills whose first delivery says `Amended`: the new one was before the feed began or was lost."""
DELAY_MEAN_DAYS: Final = 7.0
LONG_DELAY: Final = 0.06
LONG_DELAY_DAYS: Final = 120
"""Revisions mostly follow within days; some come months later."""
SAME_DAY: Final = 0.01
"""Amended bills that come twice on one day."""

LAG_WEIGHTS: Final = (2.0, 5.0, 8.0, 12.0, 14.0, 12.0, 8.0, 5.0, 3.0, 2.0, 1.5, 1.0)
"""How often a bill is first published -2, -1, 0 ... 9 days after it arrives."""
FIRST_LAG: Final = -2
LATE: Final = 0.02
LATE_DAYS: Final = 45
"""Bills published so much later that their week may be closed already."""
PLACED_DELAY_DAYS: Final = 4
"""Most days between two versions of a story's bill: both are known before its week closes."""

CHANGE_WEIGHT, CHANGE_ARRIVAL, CHANGE_SPELLING, CHANGE_TEXT, SPLIT = range(5)
"""What an amendment changes."""
CHANGES: Final = (0.3, 0.25, 0.15, 0.28, 0.02)
"""A split arrival brings a part of the weight on a later day."""


def deliveries(world: World, bills: Columns) -> Columns:
    """Every delivery of the bills: their columns and `version`, `status`, `run_day`, `change`."""
    draws, key = world.draws, bills["key"]
    plain = world.relations.plain[bills["relation"]] == 1
    first_day = calendar.monday_of(0) + 7 * bills["week"] + bills["weekday"] + _lag(world, bills)
    again = draws.chance(key, "amended", AMENDED_SHARE)
    twice = again & draws.chance(key, "amended.twice", AMENDED_TWICE) & ~plain
    deleted = draws.chance(key, "deleted", DELETED_SHARE) & ~plain
    second_day = first_day + _delay(world, key, "second", plain)
    third_day = second_day + _delay(world, key, "third", plain)
    deleted_day = (
        np.where(twice, third_day, np.where(again, second_day, first_day)) + 1 + _delay(world, key, "gone", plain)
    )
    number = again.astype(np.int64) + twice
    opening = np.where(draws.chance(key, "never_new", NEVER_NEW), AMENDED, NEW)
    everyone = np.ones(len(key), dtype=bool)
    return stack(
        [
            _version(world, bills, everyone, np.zeros_like(key), opening, first_day),
            _version(world, bills, again, np.ones_like(key), np.full_like(key, AMENDED), second_day),
            _version(world, bills, twice, np.full_like(key, 2), np.full_like(key, AMENDED), third_day),
            _version(world, bills, deleted, number + 1, np.full_like(key, DELETED), deleted_day),
        ]
    )


def _version(world: World, bills: Columns, which: Bools, version: Ints, status: Ints, run_day: Ints) -> Columns:
    table = {**bills, "version": version, "status": status, "run_day": run_day}
    # a deletion repeats the version before it
    shown = np.where(status == DELETED, version - 1, version)
    change = world.draws.among(bills["key"] * 8 + shown, "change", CHANGES)
    plain = world.relations.plain[bills["relation"]] == 1
    table["change"] = np.where(shown == 0, -1, np.where(plain, CHANGE_TEXT, change))
    return take(table, which)


def _lag(world: World, bills: Columns) -> Ints:
    draws, key = world.draws, bills["key"]
    # bills of one booking are mostly published together; a master has its own time, before or after its houses
    together = np.where(draws.chance(key, "lag.own", 0.12), key, bills["booking"])
    together = np.where(bills["level"] == MASTER, key, together)
    lag = FIRST_LAG + draws.among(together, "lag", LAG_WEIGHTS)
    late = draws.chance(together, "late", LATE)
    lag = np.where(late, lag + draws.below(together, "late.days", LATE_DAYS), lag)
    return np.where(bills["lag"] >= 0, bills["lag"], lag)


def _delay(world: World, key: Ints, purpose: str, plain: Bools) -> Ints:
    draws = world.draws
    delay = draws.geometric(key, f"delay.{purpose}", DELAY_MEAN_DAYS, 40)
    long = draws.chance(key, f"long.{purpose}", LONG_DELAY)
    delay = np.where(long, draws.below(key, f"long.days.{purpose}", LONG_DELAY_DAYS), delay)
    delay = np.where(draws.chance(key, f"same_day.{purpose}", SAME_DAY), 0, delay)
    return np.where(plain, np.minimum(delay, PLACED_DELAY_DAYS), delay)
