"""Features of a pair of name variants: what agrees, what differs, what is not known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from pipeline.entities.names.name_parts import NameParts
from pipeline.entities.names.parse import ParsedName
from pipeline.entities.names.places.place import Place
from pipeline.entities.names.word_match import LONG_WORD, match_words, mistyped_among, typing_error
from pipeline.entities.names.words import BRAND, COMMON, GENERIC, TRADE, UNIT, rarity

STREETS_ALIKE: Final = 80.0
STREETS_UNLIKE: Final = 45.0
"""Similarity (0..100) from which two streets are one, and below which they are two."""
_SHARED: Final = (4, 7, 9, 11, 14, 18, 23)
_SPARE: Final = (0, 3, 6, 8)
"""Upper bounds of the classes of rarity that words in common, and words of one side, are distinguished by."""
_EQUAL: Final = ("equal", "joined", "typed", "cut")

OWNERS: Final = frozenset(("HOLDING", "ACQUISITION", "INVESTMENT", "GROUP", "OPERATION", "MANAGEMENT", "PARTNERS"))
"""Words of firms that own others of the same name."""
_PARTNERSHIPS: Final = frozenset(("LP", "LLP"))
_FUNDS: Final = frozenset(("FUND", "FUNDS", "ETF"))
_DIRECTIONS: Final = """
NORTH SOUTH EAST WEST NORTHERN SOUTHERN EASTERN WESTERN NORTHEAST NORTHWEST SOUTHEAST SOUTHWEST CENTRAL MIDWEST
"""
DIRECTIONS: Final = frozenset(_DIRECTIONS.split())

Feature = tuple[str, str]
"""A feature and its value."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: a parsed name variant with what its comparisons need.

    Attributes:
        name: the name that is compared.
        place: where the party is.
        behind: its name followed another party.
        listed: its words, what they stand for, with their rarity.
        brands: words that are no common words.
        trades: families of its trades.
        generics: words that any firm may have.
        distinctive: words that distinguish firms, in order.
        unit: it names a unit or branch.
        letters: all words of the name without blanks.
        streets: the words of its address in alphabetical order.
        places: countries and cities of name and address.
        alias: the same party under its other name, None where it has none.
        has_alias: it has another name, or is one.
        first: the first word.
        words: all of its words.
        directions: NORTH, EASTERN and their like.
        characters: the Chinese characters that are its own.
    """

    name: NameParts
    place: Place
    behind: bool
    listed: tuple[tuple[str, int], ...]
    brands: frozenset[str]
    trades: frozenset[str]
    generics: frozenset[str]
    distinctive: tuple[str, ...]
    unit: bool
    letters: str
    streets: str
    places: frozenset[str]
    alias: Side | None
    has_alias: bool
    first: str
    words: frozenset[str]
    directions: frozenset[str]
    characters: str


def side(parsed: ParsedName) -> Side:
    """Return a parsed name variant as a side of comparisons."""
    alias = _side(parsed.alias, parsed, None) if parsed.alias.words else None
    return _side(parsed.name, parsed, alias)


def _side(name: NameParts, parsed: ParsedName, alias: Side | None) -> Side:
    place = parsed.place
    words = frozenset(word.stands_for for word in name.words)
    return Side(
        name=name,
        place=place,
        behind=parsed.behind,
        listed=tuple((word.stands_for, rarity(word)) for word in name.words if word.kind != UNIT),
        brands=frozenset(word.stands_for for word in name.words if word.kind == BRAND),
        trades=frozenset(word.stands_for for word in name.words if word.kind == TRADE),
        generics=frozenset(word.stands_for for word in name.words if word.kind == GENERIC),
        distinctive=tuple(word.stands_for for word in name.words if word.kind in (BRAND, COMMON)),
        unit=any(word.kind == UNIT for word in name.words),
        letters="".join(word.text for word in name.words),
        streets=" ".join(sorted(place.streets)),
        places=place.cities | name.name_places | ({place.known_country, f"US-{place.state}"} - {"", "US-"}),
        alias=alias,
        has_alias=bool(parsed.alias.words),
        first=name.words[0].stands_for if name.words else "",
        words=words,
        directions=words & DIRECTIONS,
        characters=parsed.characters,
    )


def features(a: Side, b: Side) -> list[Feature]:
    """Return the value of each feature of a pair, in a fixed order."""
    here, there = a.place, b.place
    match = match_words(a.listed, b.listed, (a.name.is_cut, b.name.is_cut), same_letters=a.letters == b.letters)
    how, form, street, letters = match.how, _form(a.name.forms, b.name.forms), _street(a, b), _letters(a, b)
    site = _site(here, there, street)
    shared, spare, trade = _class(match.shared, _SHARED), _spare(match.spare), _trade(a, b, match.rest)
    name_place, first, rare = _name_place(a, b), _first(a, b), _class(match.shared, _SHARED[1::2])
    found = [
        ("words", how),
        ("shared", shared),
        ("spare", spare),
        ("letters", letters),
        ("trade", trade),
        ("generic", _overlap(a.generics, b.generics)),
        ("form", form),
        ("number", _numbers(a.name.numbers, b.name.numbers)),
        ("unit", "one" if a.unit != b.unit else "none"),
        ("owner", _one_side(a.generics & OWNERS, b.generics & OWNERS)),
        ("direction", _one_side(a.directions, b.directions)),
        ("fund", "other words" if how not in _EQUAL and a.words & _FUNDS and b.words & _FUNDS else "none"),
        ("first word", first),
        ("alias", _alias(a, b)),
        ("place in name", name_place),
        ("country", _known(here.known_country, there.known_country)),
        ("state", _known(here.state, there.state) if here.country == there.country else "unknown"),
        ("city", _sets(here.cities, there.cities)),
        ("house", _sets(here.houses, there.houses)),
        ("zip", _zip(here.zips, there.zips)),
        ("street", street),
        ("name at site", f"{how}, {site}"),
        ("form at site", f"{form}, {site}"),
        ("trade at site", f"{trade}, {site}"),
        ("spare at site", f"{spare}, {site}"),
        ("place in name at site", f"{name_place}, {site}"),
        ("place in name and words", f"{name_place}, {how}"),
        ("letters and words", f"{letters}, {how}"),
        ("spare and shared", f"{spare}, {rare}"),
        ("first word and shared", f"{first}, {rare}"),
    ]
    if how in _EQUAL:
        found.append(("same name", f"{rare}, {site}"))
        found.append(("same name and form", f"{form}, {site}"))
    else:
        found.append(("shared at site", f"{rare}, {site}"))
    return found


def _first(a: Side, b: Side) -> str:
    """Return how the first words of two names agree."""
    mine, theirs = a.first, b.first
    if not mine or not theirs:
        return "unknown"
    if mine == theirs:
        return "same"
    if typing_error(mine, theirs):
        return "typed"
    if mine in b.words or theirs in a.words:
        return "elsewhere in the name"
    return "begins alike" if mine.startswith(theirs) or theirs.startswith(mine) else "differ"


def _one_side(mine: frozenset[str], theirs: frozenset[str]) -> str:
    if mine == theirs:
        return "same" if mine else "none"
    return "differ" if mine and theirs else "one"


def _alias(a: Side, b: Side) -> str:
    """Return what the other names of two parties say: both may be known by several."""
    if not a.has_alias and not b.has_alias:
        return "none"
    if a.has_alias != b.has_alias:
        return "one"
    return "both"


def _class(value: int, bounds: tuple[int, ...]) -> str:
    return next((f"to {bound}" for bound in bounds if value <= bound), f"over {bounds[-1]}")


def _spare(spare: tuple[int, int]) -> str:
    """Return the classes of the words that only one side has, the smaller first."""
    low, high = sorted(next((n for n, bound in enumerate(_SPARE) if value <= bound), len(_SPARE)) for value in spare)
    return f"{low}, {high}"


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


def _letters(a: Side, b: Side) -> str:
    """Return the similarity of the whole names, letter by letter; of a cut name up to its cut."""
    mine, theirs = a.letters, b.letters
    if a.name.is_cut != b.name.is_cut:
        shorter = min(len(mine), len(theirs))
        if shorter >= LONG_WORD:
            mine, theirs = mine[:shorter], theirs[:shorter]
    alike = fuzz.ratio(mine, theirs)
    for least in (100, 95, 90, 80, 65, 50):
        if alike >= least:
            return str(least)
    return "0"


def _trade(a: Side, b: Side, rest: tuple[tuple[str, ...], tuple[str, ...]]) -> str:
    if not a.trades and not b.trades:
        return "none"
    only_a, only_b = a.trades - b.trades, b.trades - a.trades
    # a trade that one side has mistyped is among its other words
    if only_b:
        only_b = frozenset(family for family in only_b if not _is_mistyped(family, b, rest[0]))
    if only_a:
        only_a = frozenset(family for family in only_a if not _is_mistyped(family, a, rest[1]))
    if not only_a and not only_b:
        return "same"
    if only_a and only_b:
        return "part" if a.trades & b.trades else "differ"
    if a.trades & b.trades:
        return "one more"
    silent = a if not a.trades else b
    return "one, the other cut" if silent.name.is_cut or silent.behind else "one"


def _is_mistyped(family: str, owner: Side, others: tuple[str, ...]) -> bool:
    written = tuple(word.text for word in owner.name.words if word.stands_for == family)
    return any(mistyped_among(word, written) for word in others)


def _overlap(mine: frozenset[str], theirs: frozenset[str]) -> str:
    if mine == theirs:
        return "same" if mine else "none"
    if mine <= theirs or theirs <= mine:
        return "more"
    return "part" if mine & theirs else "differ"


def _form(mine: frozenset[str], theirs: frozenset[str]) -> str:
    both_companies = "CO" in mine and "CO" in theirs
    mine, theirs = mine - {"CO"}, theirs - {"CO"}
    if not mine and not theirs:
        return "company" if both_companies else "unknown"
    if not mine or not theirs:
        return "one"
    if mine == theirs:
        return "same"
    if mine & theirs:
        return "part"
    if bool(mine & _PARTNERSHIPS) != bool(theirs & _PARTNERSHIPS):
        return "one partnership"
    return "INC and CORP" if mine | theirs == {"INC", "CORP"} else "differ"


def _numbers(mine: frozenset[str], theirs: frozenset[str]) -> str:
    if mine == theirs:
        return "same" if mine else "none"
    if not mine or not theirs:
        return "one"
    return "part" if mine & theirs else "differ"


def _name_place(a: Side, b: Side) -> str:
    mine, theirs = a.name.name_places, b.name.name_places
    if not mine and not theirs:
        return "none"
    if mine & theirs:
        return "same" if mine == theirs else "part"
    if mine and theirs:
        supported = mine <= b.places or theirs <= a.places
        return "differ, one of both" if supported else "differ"
    place, other, own = (mine, b, a) if mine else (theirs, a, b)
    if place & (other.places - other.name.name_places):
        return "one, where the other is"
    if not other.places:
        return "one, other unknown"
    if place & own.places - own.name.name_places:
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
