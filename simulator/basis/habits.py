"""How clerks write one firm in many ways: which liberties each of its name variants takes.

A firm has up to `VARIANTS` variants, the commonest first. Each takes the name in the official writing, in the firm's
other usual one, or in one of its own; and so with the address. A firm that moved or changed its name has the same
number from before.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.basis.draws import Bools, Draws, Ints

VARIANTS: Final = 96
VARIANT_WEIGHTS: Final = tuple(100.0 / (rank + 6.0) for rank in range(VARIANTS))
"""A long tail: real firms with some 30 bills have 21 name variants, those with hundreds up to 101."""
OFFICIAL, USUAL = range(2)
"""The first two name variants."""
PLAIN_VARIANTS: Final = (OFFICIAL, USUAL)
"""Of firms of the stories: they differ in punctuation only."""
VARIANT_BITS: Final = 8
FORMERLY: Final = 1 << 7
"""Bit of a variant from before the firm moved or changed its name."""
MOVED: Final = 0.05
RENAMED: Final = 0.03
"""Firms that did so in the span of their world; none of those that can be taken for another firm."""

(
    POINTS, FORM, NO_FORM, SHORT, SLIP, SLIP_TWICE, BLANK, SWAP, DROP, CITY, COUNTRY, FRONT, ESCAPE, NOISE, ALIAS, CUT,
    ORDER, STREET_SHORT, NO_NUMBER, ZIP, STREET_SLIP, DISTRICT, CITY_ONLY, OTHER_SITE, LAYOUT, AGENT, TO_ORDER,
    RUN_ON, LAND, OLD_SITE, OLD_NAME, STATE,
) = range(32)  # fmt: skip
KINDS: Final = (
    "punctuation", "legal_form", "no_legal_form", "abbreviation", "typing_error", "two_typing_errors", "blank",
    "swapped_words", "dropped_word", "city", "country", "the_or_messrs", "escape", "attn_or_tel", "dba", "cut",
    "address_order", "address_abbreviation", "address_number", "address_zip", "address_typing_error",
    "address_district", "city_only", "other_site", "address_layout", "on_behalf", "to_order", "run_on_words",
    "address_country", "former_address", "former_name", "address_state",
)  # fmt: skip
"""What can differ from the official writing; a name variant's kinds are bits of one number."""
_NAME: Final = {
    POINTS: 22.0, FORM: 17.0, NO_FORM: 9.0, SHORT: 15.0, SLIP: 13.0, SLIP_TWICE: 2.5, BLANK: 5.0, SWAP: 1.5, DROP: 3.5,
    CITY: 5.0, COUNTRY: 2.5, FRONT: 2.0, NOISE: 1.2, ALIAS: 0.8,
}  # fmt: skip
_USUAL: Final = {POINTS: 35.0, FORM: 25.0, SHORT: 20.0, NO_FORM: 12.0, CITY: 8.0}
"""Of a firm's other usual name, which is no mistake."""
_ADDRESS: Final = {
    ORDER: 12.0, STREET_SHORT: 22.0, NO_NUMBER: 14.0, ZIP: 18.0, STREET_SLIP: 14.0, DISTRICT: 10.0, CITY_ONLY: 4.0,
    LAYOUT: 16.0, RUN_ON: 12.0, LAND: 16.0, STATE: 10.0,
}  # fmt: skip
ESCAPED: Final = 0.12
"""Name variants of their own with `&AMP;` for the sign, where they have one."""
_HOW_MANY: Final = (62.0, 28.0, 10.0)
"""Liberties of one name variant: one, two, three."""
NAME_AS: Final = (0.52, 0.22)
ADDRESS_AS: Final = (0.16, 0.10)
"""Name variants behind the first two with the official name, with the usual one; and so with the address. Real firms
of 21 variants have 7 name lines."""
USUAL_ADDRESS: Final = 0.5
"""Usual name variants with the official address."""
SITES: Final = (0.8, 0.13, 0.07)
"""Firms with one, two, three sites; those that can be taken for another firm have one."""
HOME, SECOND, THIRD, FORMER = range(4)
"""Sites: the third one is in another city of the country, and the former one mostly too."""
AT_OTHER_SITE: Final = 0.3
"""Name variants with another site than the first."""
MISTAKES: Final = (SLIP, SLIP_TWICE, BLANK, SWAP, DROP)
"""Names with one of these were not filed with a certificate, so that they leak."""


def bit(kinds: Ints, kind: int) -> Bools:
    """Whether a kind is among the kinds of each name variant."""
    has: Bools = (kinds >> kind & 1).astype(bool)
    return has


def names_of(kinds: Ints) -> list[list[str]]:
    """The kinds of each name variant in words."""
    known = {int(kind): [name for at, name in enumerate(KINDS) if int(kind) >> at & 1] for kind in np.unique(kinds)}
    return [known[int(kind)] for kind in kinds]


def name_key(draws: Draws, firm: Ints, variants: Ints) -> Ints:
    """What the writing of a name depends on: `firm` is a number unique among all kinds of party."""
    before = variants & np.where(renamed(draws, firm), FORMERLY, 0)
    key: Ints = (firm << VARIANT_BITS) | _writing(draws, firm, variants & ~FORMERLY, "name", NAME_AS) | before
    return key


def address_key(draws: Draws, firm: Ints, variants: Ints) -> Ints:
    """What the writing of an address depends on."""
    before, variants = variants & np.where(moved(draws, firm), FORMERLY, 0), variants & ~FORMERLY
    writing = _writing(draws, firm, variants, "address", ADDRESS_AS)
    official = (variants == USUAL) & draws.chance(firm, "address.usual", USUAL_ADDRESS)
    return (firm << VARIANT_BITS) | np.where(official, OFFICIAL, writing) | before


def moved(draws: Draws, firm: Ints) -> Bools:
    """Whether each firm moves, unless it can be taken for another one."""
    return draws.chance(firm, "firm.moved", MOVED)


def renamed(draws: Draws, firm: Ints) -> Bools:
    """Whether each firm changes its name, unless it can be taken for another one."""
    return draws.chance(firm, "firm.renamed", RENAMED)


def former(draws: Draws, firm: Ints, week: Ints, weeks: tuple[int, int]) -> Ints:
    """`FORMERLY` for firms that will move or change their name after each week, else 0; within the world's weeks."""
    first, last = weeks
    changed = first + (last - first) * (0.15 + 0.7 * draws.uniform(firm, "firm.changed"))
    return np.where((moved(draws, firm) | renamed(draws, firm)) & (week < changed), FORMERLY, 0)


def name_kinds(draws: Draws, key: Ints, plain: Bools) -> Ints:
    """Liberties that the name of each key takes."""
    writing = key & FORMERLY - 1
    usual = 1 << np.array(list(_USUAL))[draws.among(key, "name.usual", tuple(_USUAL.values()))]
    own = _several(draws, key, "name", _NAME)
    own |= np.where(draws.chance(key, "name.escaped", ESCAPED), 1 << ESCAPE, 0)
    kinds = np.select([writing == OFFICIAL, writing == USUAL], [np.zeros_like(key), usual], own)
    return np.where(plain, np.where(writing == USUAL, 1 << POINTS, 0), kinds)


def address_kinds(draws: Draws, key: Ints) -> Ints:
    """Liberties that the address of each key takes."""
    return np.where(key & FORMERLY - 1 == OFFICIAL, 0, _several(draws, key, "address", _ADDRESS))


def site(draws: Draws, key: Ints, single_site: Bools) -> Ints:
    """At which of the firm's sites the address of each key is."""
    firm, writing = key >> VARIANT_BITS, key & FORMERLY - 1
    others = np.where(single_site, 0, draws.among(firm, "address.sites", SITES))
    away = (writing != OFFICIAL) & draws.chance(key, "address.site", AT_OTHER_SITE)
    other = np.where(away & (others > 0), SECOND + draws.below(key, "address.which", np.maximum(others, 1)), HOME)
    return np.where(key & FORMERLY != 0, FORMER, other)


def _writing(draws: Draws, firm: Ints, variants: Ints, what: str, shares: tuple[float, float]) -> Ints:
    point = draws.uniform((firm << VARIANT_BITS) | variants, f"{what}.as")
    official, usual = point < shares[0], point < sum(shares)
    return np.where((variants <= USUAL) | ~usual, variants, np.where(official, OFFICIAL, USUAL))


def _several(draws: Draws, key: Ints, what: str, weights: dict[int, float]) -> Ints:
    kinds = np.zeros_like(key)
    many = draws.among(key, f"{what}.many", _HOW_MANY)
    for nth in range(len(_HOW_MANY)):
        chosen = 1 << np.array(list(weights))[draws.among(key, f"{what}.kind.{nth}", tuple(weights.values()))]
        kinds |= np.where(nth <= many, chosen, 0)
    return kinds
