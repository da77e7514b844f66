"""Features of a pair of name variants: what agrees, what differs, what is not known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from pipeline.entities.names.name_pair import EQUAL, Feature, Name, NamePair, compare_names, name_of
from pipeline.entities.names.name_parts import NameParts
from pipeline.entities.names.parse import ParsedName
from pipeline.entities.names.places.place import Place

STREETS_ALIKE: Final = 80.0
STREETS_UNLIKE: Final = 45.0
"""Similarity (0..100) from which two streets are one, and below which they are two."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: a parsed name variant with what its comparisons need.

    Attributes:
        name: the name that is compared.
        place: where the party is.
        streets: the words of its address in alphabetical order.
        places: countries and cities of name and address.
        alias: the same party under its other name, None where it has none.
        has_alias: it has another name, or is one.
        characters: the Chinese characters that are its own.
    """

    name: Name
    place: Place
    streets: str
    places: frozenset[str]
    alias: Side | None
    has_alias: bool
    characters: str


@dataclass(frozen=True, slots=True)
class Compared:
    """How two sides agree.

    Attributes:
        names: their names alone.
        beside: the features of their places, and of names and places that say something by themselves.
        name_place: how the places in the names agree.
        site: how near the two parties are.
    """

    names: NamePair
    beside: tuple[Feature, ...]
    name_place: str
    site: str


def side(parsed: ParsedName) -> Side:
    """Return a parsed name variant as a side of comparisons."""
    alias = _side(parsed.alias, parsed, None) if parsed.alias.words else None
    return _side(parsed.name, parsed, alias)


def _side(parts: NameParts, parsed: ParsedName, alias: Side | None) -> Side:
    place = parsed.place
    return Side(
        name=name_of(parts, behind=parsed.behind),
        place=place,
        streets=" ".join(sorted(place.streets)),
        places=place.cities | parts.name_places | ({place.known_country, f"US-{place.state}"} - {"", "US-"}),
        alias=alias,
        has_alias=bool(parsed.alias.words),
        characters=parsed.characters,
    )


def compare(a: Side, b: Side) -> Compared:
    """Return how two sides agree, under these names."""
    here, there = a.place, b.place
    street, name_place = _street(a, b), _name_place(a, b)
    beside = (
        ("alias", _alias(a, b)),
        ("place in name", name_place),
        ("country", _known(here.known_country, there.known_country)),
        ("state", _known(here.state, there.state) if here.country == there.country else "unknown"),
        ("city", _sets(here.cities, there.cities)),
        ("house", _sets(here.houses, there.houses)),
        ("zip", _zip(here.zips, there.zips)),
        ("street", street),
    )
    return Compared(compare_names(a.name, b.name), beside, name_place, _site(here, there, street))


def features(compared: Compared) -> list[Feature]:
    """Return the value of each feature of a pair."""
    return [
        *compared.names.found,
        *compared.beside,
        *combinations(compared.names, compared.name_place, compared.site),
    ]


def combinations(names: NamePair, name_place: str, site: str) -> list[Feature]:
    """Return the features that say how names agree at places as near as these."""
    found = [
        ("name at site", f"{names.how}, {site}"),
        ("form at site", f"{names.form}, {site}"),
        ("trade at site", f"{names.trade}, {site}"),
        ("spare at site", f"{names.spare}, {site}"),
        ("place in name at site", f"{name_place}, {site}"),
        ("place in name and words", f"{name_place}, {names.how}"),
    ]
    if names.how in EQUAL:
        found.append(("same name", f"{names.rare}, {site}"))
        found.append(("same name and form", f"{names.form}, {site}"))
    else:
        found.append(("shared at site", f"{names.rare}, {site}"))
    return found


def _alias(a: Side, b: Side) -> str:
    """Return what the other names of two parties say: both may be known by several."""
    if not a.has_alias and not b.has_alias:
        return "none"
    if a.has_alias != b.has_alias:
        return "one"
    return "both"


def _site(here: Place, there: Place, street: str) -> str:
    """Return how near two parties are, in one word."""
    house = bool(here.houses & there.houses)
    if street == "alike" and (house or not (here.houses and there.houses)):
        return "address"
    if here.known_country and there.known_country and here.known_country != there.known_country:
        return "abroad"
    if here.zips & there.zips:
        return "zip"
    if here.cities & there.cities:
        return "city"
    if here.state and here.state == there.state:
        return "state"
    if (here.state and there.state) or (here.cities and there.cities):
        return "elsewhere"
    return "unknown"


def _name_place(a: Side, b: Side) -> str:
    mine, theirs = a.name.parts.name_places, b.name.parts.name_places
    if not mine and not theirs:
        return "none"
    if mine & theirs:
        return "same" if mine == theirs else "part"
    if mine and theirs:
        supported = mine <= b.places or theirs <= a.places
        return "differ, one of both" if supported else "differ"
    place, other, own = (mine, b, a) if mine else (theirs, a, b)
    if place & (other.places - other.name.parts.name_places):
        return "one, where the other is"
    if not other.places:
        return "one, other unknown"
    if place & own.places - own.name.parts.name_places:
        return "one, of its own"
    # a branch that has its seat in common with the firm
    return "one, of neither" if own.place.cities & other.place.cities else "one, elsewhere"


def _known(mine: str, theirs: str) -> str:
    if not mine or not theirs:
        return "unknown"
    return "same" if mine == theirs else "differ"


def _sets(mine: frozenset[str], theirs: frozenset[str]) -> str:
    if not mine or not theirs:
        return "unknown"
    return "same" if mine & theirs else "differ"


def _zip(mine: frozenset[str], theirs: frozenset[str]) -> str:
    if not mine or not theirs:
        return "unknown"
    if mine & theirs:
        return "same"
    return "near" if {code[:3] for code in mine} & {code[:3] for code in theirs} else "differ"


def _street(a: Side, b: Side) -> str:
    if len(a.streets) < 4 or len(b.streets) < 4:
        return "unknown"
    alike = fuzz.token_set_ratio(a.streets, b.streets)
    if alike >= STREETS_ALIKE:
        return "alike"
    return "between" if alike >= STREETS_UNLIKE else "unlike"
