"""How clerks write one firm in many ways: which liberties each of its name variants takes.

A firm has up to `VARIANTS` variants, the commonest first. Each takes the name in the official writing, in the firm's
other usual one, or in one of its own; and so with the address.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.world.draws import Bools, Draws, Ints

VARIANTS: Final = 22
VARIANT_WEIGHTS: Final = (
    42.0, 18.0, 7.0, 5.0, 4.0, 3.2, 2.7, 2.3, 2.0, 1.8, 1.6, 1.4, 1.3, 1.2, 1.1, 1.0, 0.9, 0.8, 0.7, 0.7, 0.65, 0.65,
)  # fmt: skip
"""Of 100 bills three in five are in the firm's first two name variants; the rest is a long tail."""
OFFICIAL, USUAL = range(2)
"""The first two name variants."""
PLAIN_VARIANTS: Final = (OFFICIAL, USUAL)
"""Of firms of the stories: they differ in punctuation only."""
VARIANT_BITS: Final = 5

(
    POINTS, FORM, NO_FORM, SHORT, SLIP, SLIP_TWICE, BLANK, SWAP, DROP, CITY, COUNTRY, FRONT, ESCAPE, NOISE, ALIAS, CUT,
    ORDER, STREET_SHORT, NO_NUMBER, ZIP, STREET_SLIP, DISTRICT, CITY_ONLY, OTHER_SITE, LAYOUT, AGENT, TO_ORDER,
) = range(27)  # fmt: skip
KINDS: Final = (
    "punctuation", "legal_form", "no_legal_form", "abbreviation", "typing_error", "two_typing_errors", "blank",
    "swapped_words", "dropped_word", "city", "country", "the_or_messrs", "escape", "attn_or_tel", "dba", "cut",
    "address_order", "address_abbreviation", "address_number", "address_zip", "address_typing_error",
    "address_district", "city_only", "other_site", "address_layout", "on_behalf", "to_order",
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
    LAYOUT: 16.0,
}  # fmt: skip
ESCAPED: Final = 0.12
"""Name variants of their own with `&AMP;` for the sign, where they have one."""
_HOW_MANY: Final = (62.0, 28.0, 10.0)
"""Liberties of one name variant: one, two, three."""
NAME_AS: Final = (0.36, 0.16)
ADDRESS_AS: Final = (0.40, 0.16)
"""Name variants behind the first two with the official name, with the usual one; and so with the address."""
USUAL_ADDRESS: Final = 0.5
"""Usual name variants with the official address."""
TWO_SITES: Final = 0.14
"""Firms with an office and a factory; those that can be taken for another firm have one site."""
AT_OTHER_SITE: Final = 0.3
"""Their name variants with the second one."""
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
    key: Ints = (firm << VARIANT_BITS) | _writing(draws, firm, variants, "name", NAME_AS)
    return key


def address_key(draws: Draws, firm: Ints, variants: Ints) -> Ints:
    """What the writing of an address depends on."""
    writing = _writing(draws, firm, variants, "address", ADDRESS_AS)
    official = (variants == USUAL) & draws.chance(firm, "address.usual", USUAL_ADDRESS)
    return (firm << VARIANT_BITS) | np.where(official, OFFICIAL, writing)


def name_kinds(draws: Draws, key: Ints, plain: Bools) -> Ints:
    """Liberties that the name of each key takes."""
    writing = key & (1 << VARIANT_BITS) - 1
    usual = 1 << np.array(list(_USUAL))[draws.among(key, "name.usual", tuple(_USUAL.values()))]
    own = _several(draws, key, "name", _NAME)
    own |= np.where(draws.chance(key, "name.escaped", ESCAPED), 1 << ESCAPE, 0)
    kinds = np.select([writing == OFFICIAL, writing == USUAL], [np.zeros_like(key), usual], own)
    return np.where(plain, np.where(writing == USUAL, 1 << POINTS, 0), kinds)


def address_kinds(draws: Draws, key: Ints, single_site: Bools) -> Ints:
    """Liberties that the address of each key takes."""
    firm, writing = key >> VARIANT_BITS, key & (1 << VARIANT_BITS) - 1
    kinds = np.where(writing == OFFICIAL, 0, _several(draws, key, "address", _ADDRESS))
    two_sites = ~single_site & draws.chance(firm, "address.sites", TWO_SITES)
    moved = two_sites & (writing != OFFICIAL) & draws.chance(key, "address.site", AT_OTHER_SITE)
    kinds |= np.where(moved, 1 << OTHER_SITE, 0)
    return kinds


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
