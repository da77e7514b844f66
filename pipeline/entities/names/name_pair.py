"""How two names agree, whatever the places of their firms; each pair of names is compared once.

Most name variants of a firm are one name with other addresses: of the pairs that blocking finds, five in six are of
names that were compared before.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from pipeline.entities.names.name_parts import NameParts
from pipeline.entities.names.word_match import LONG_WORD, match_words, mistyped_among, typing_error
from pipeline.entities.names.words import BRAND, COMMON, GENERIC, TRADE, UNIT, Word, rarity

Feature = tuple[str, str]
"""A feature and its value."""
EQUAL: Final = ("equal", "joined", "typed", "cut")
"""Ways in which the words of two names are the same."""
NAMES_KEPT: Final = 100_000
PAIRS_KEPT: Final = 50_000
_SHARED: Final = (4, 7, 9, 11, 14, 18, 23)
_SPARE: Final = (0, 3, 6, 8)
"""Upper bounds of the classes of rarity that words in common, and words of one side, are distinguished by."""
OWNERS: Final = frozenset(("HOLDING", "ACQUISITION", "INVESTMENT", "GROUP", "OPERATION", "MANAGEMENT", "PARTNERS"))
"""Words of firms that own others of the same name."""
_PARTNERSHIPS: Final = frozenset(("LP", "LLP"))
_FUNDS: Final = frozenset(("FUND", "FUNDS", "ETF"))
_DIRECTIONS: Final = """
NORTH SOUTH EAST WEST NORTHERN SOUTHERN EASTERN WESTERN NORTHEAST NORTHWEST SOUTHEAST SOUTHWEST CENTRAL MIDWEST
"""
DIRECTIONS: Final = frozenset(_DIRECTIONS.split())


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """A name as comparisons need it; one object for each name, equal to itself alone.

    Attributes:
        parts: of which it is made.
        may_lack_words: it may end in the middle of a word, or followed another party's.
        listed: its words, what they stand for, with their rarity.
        brands: words that are no common words.
        trades: families of its trades.
        generics: words that any firm may have.
        distinctive: words that distinguish firms, in order.
        unit: it names a unit or branch.
        letters: all words of the name without blanks.
        first: the first word.
        words: all of its words.
        directions: NORTH, EASTERN and their like.
    """

    parts: NameParts
    may_lack_words: bool
    listed: tuple[tuple[str, int], ...]
    brands: frozenset[str]
    trades: frozenset[str]
    generics: frozenset[str]
    distinctive: tuple[str, ...]
    unit: bool
    letters: str
    first: str
    words: frozenset[str]
    directions: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class NamePair:
    """How two names agree; one object for each pair, equal to itself alone.

    Attributes:
        found: the features of the names alone.
        how: see `word_match.Match`.
        form: how the legal forms agree.
        trade: how the trades agree.
        spare: classes of the words that only one side has.
        rare: class of the words in common, coarser than that among `found`.
    """

    found: tuple[Feature, ...]
    how: str
    form: str
    trade: str
    spare: str
    rare: str


@lru_cache(maxsize=NAMES_KEPT)
def name_of(parts: NameParts, *, behind: bool) -> Name:
    """Return the name of these parts; `behind`: it followed another party's."""
    words = frozenset(word.stands_for for word in parts.words)
    return Name(
        parts=parts,
        may_lack_words=parts.is_cut or behind,
        listed=tuple((word.stands_for, rarity(word)) for word in parts.words if word.kind != UNIT),
        brands=_of_kind(parts.words, BRAND),
        trades=_of_kind(parts.words, TRADE),
        generics=_of_kind(parts.words, GENERIC),
        distinctive=tuple(word.stands_for for word in parts.words if word.kind in (BRAND, COMMON)),
        unit=any(word.kind == UNIT for word in parts.words),
        letters="".join(word.text for word in parts.words),
        first=parts.words[0].stands_for if parts.words else "",
        words=words,
        directions=words & DIRECTIONS,
    )


@lru_cache(maxsize=PAIRS_KEPT)
def compare_names(a: Name, b: Name) -> NamePair:
    """Return how two names agree."""
    match = match_words(a.listed, b.listed, (a.parts.is_cut, b.parts.is_cut), same_letters=a.letters == b.letters)
    form, letters, trade, first = (
        _form(a.parts.forms, b.parts.forms),
        _letters(a, b),
        _trade(a, b, match.rest),
        _first(a, b),
    )
    shared, spare, rare = _class(match.shared, _SHARED), _spare(match.spare), _class(match.shared, _SHARED[1::2])
    found = (
        ("words", match.how),
        ("shared", shared),
        ("spare", spare),
        ("letters", letters),
        ("trade", trade),
        ("generic", _overlap(a.generics, b.generics)),
        ("form", form),
        ("number", _numbers(a.parts.numbers, b.parts.numbers)),
        ("unit", "one" if a.unit != b.unit else "none"),
        ("owner", _one_side(a.generics & OWNERS, b.generics & OWNERS)),
        ("direction", _one_side(a.directions, b.directions)),
        ("fund", "other words" if match.how not in EQUAL and a.words & _FUNDS and b.words & _FUNDS else "none"),
        ("first word", first),
        ("letters and words", f"{letters}, {match.how}"),
        ("spare and shared", f"{spare}, {rare}"),
        ("first word and shared", f"{first}, {rare}"),
    )
    return NamePair(found, match.how, form, trade, spare, rare)


def _of_kind(words: tuple[Word, ...], kind: str) -> frozenset[str]:
    return frozenset(word.stands_for for word in words if word.kind == kind)


def _first(a: Name, b: Name) -> str:
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


def _class(value: int, bounds: tuple[int, ...]) -> str:
    return next((f"to {bound}" for bound in bounds if value <= bound), f"over {bounds[-1]}")


def _spare(spare: tuple[int, int]) -> str:
    """Return the classes of the words that only one side has, the smaller first."""
    low, high = sorted(next((n for n, bound in enumerate(_SPARE) if value <= bound), len(_SPARE)) for value in spare)
    return f"{low}, {high}"


def _letters(a: Name, b: Name) -> str:
    """Return the similarity of the whole names, letter by letter; of a cut name up to its cut."""
    mine, theirs = a.letters, b.letters
    if a.parts.is_cut != b.parts.is_cut:
        shorter = min(len(mine), len(theirs))
        if shorter >= LONG_WORD:
            mine, theirs = mine[:shorter], theirs[:shorter]
    alike = fuzz.ratio(mine, theirs)
    for least in (100, 95, 90, 80, 65, 50):
        if alike >= least:
            return str(least)
    return "0"


def _trade(a: Name, b: Name, rest: tuple[tuple[str, ...], tuple[str, ...]]) -> str:
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
    return "one, the other cut" if silent.may_lack_words else "one"


def _is_mistyped(family: str, owner: Name, others: tuple[str, ...]) -> bool:
    written = tuple(word.text for word in owner.parts.words if word.stands_for == family)
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
