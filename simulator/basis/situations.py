"""Firms that are easily confused: sisters of a group, neighbours, namesakes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.basis.draws import Bools, Draws, Ints

NONE, NATIONAL, CITY, WORKS, DIVISION, BUILDING, BRAND, GENERIC, NEAR, LETTERS = range(10)
NAMES: Final = (
    "none",
    "national_sister",
    "city_sister",
    "numbered_works",
    "division_sister",
    "same_building",
    "common_brand",
    "generic_name",
    "near_name",
    "single_letters",
)
"""`X (THAILAND)`; `X SHENZHEN`; `X UNIT II`; `X METALS` beside `X PLASTICS`; another firm at the same address;
`GOLDEN SUN` of two cities; `GLOBAL TRADING` of two cities; names one letter apart; `J K V` and `J K W`."""
SISTERS: Final = (NATIONAL, CITY, WORKS, DIVISION)
"""Of one group."""
WORDS: Final = (BRAND, GENERIC, LETTERS)
"""In which the older firm is named by common words too."""
FOLLOWERS: Final = 0.085
"""Firms that come into a situation with an older one; with those, about 15 in 100 firms are in one."""
NAMESAKES_NEAR: Final = 0.6
"""Namesakes that deal in the same thing in the same country, in another city."""
_ORDER: Final = (
    NATIONAL, BUILDING, GENERIC, DIVISION, CITY, BRAND, WORKS, NEAR,
    LETTERS, NATIONAL, BUILDING, CITY, DIVISION, WORKS, NATIONAL, NEAR,
)  # fmt: skip
"""Situations in turn, so that a small world has most of them."""
SHARED_SITE: Final = {DIVISION: 0.5, WORKS: 0.25, BUILDING: 1.0}
"""How often the younger firm has the address of the older one."""


@dataclass(frozen=True)
class Situations:
    """Columns of one entry a firm.

    Attributes:
        kind: situation into which it comes as the younger firm; `NONE` for most.
        other: number of the older firm, or its own.
        shown: the same kind for the younger and for the older firm.
        site: number of the firm whose address it has.
        rival: whether it is a namesake in the older firm's trade and country.
    """

    kind: Ints
    other: Ints
    shown: Ints
    site: Ints
    rival: Bools


def make_situations(draws: Draws, count: int, side: str) -> Situations:
    """Situations among the firms of one kind."""
    number = np.arange(count)
    follows = draws.chance(number, f"{side}.follows", FOLLOWERS) & (number > 0)
    other = draws.below(number, f"{side}.other", np.maximum(number, 1))
    # a sister of a sister would be a sister of the first
    younger = np.flatnonzero(follows & ~follows[other])
    turn = np.array(_ORDER)[np.arange(len(younger)) % len(_ORDER)]
    # the first who shares a name decides it; of each kind a firm has one sister, since two could be named alike
    name = np.where(np.isin(turn, (*WORDS, NEAR)), NONE, turn)
    _, first = np.unique(other[younger] * len(NAMES) + name, return_index=True)
    first.sort()
    younger, turn = younger[first], turn[first]
    kind = np.zeros(count, dtype=np.int64)
    kind[younger] = turn
    other = np.where(kind == NONE, number, other)
    shown = kind.copy()
    shown[other[younger[::-1]]] = turn[::-1]
    share = np.array([SHARED_SITE.get(situation, 0.0) for situation in range(len(NAMES))])
    shares = draws.chance(number, f"{side}.site", share[kind])
    return Situations(
        kind=kind,
        other=other,
        shown=shown,
        site=np.where(shares, other, number),
        rival=np.isin(kind, WORDS) & draws.chance(number, f"{side}.rival", NAMESAKES_NEAR),
    )
