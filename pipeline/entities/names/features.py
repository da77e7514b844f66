"""Features of a pair of name variants: what agrees, what differs, what is not known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from pipeline.entities.names.parse import ParsedName
from pipeline.entities.names.words import BRAND, COMMON, GENERIC, TRADE, UNIT

SHORT_WORD: Final = 5
LONG_WORD: Final = 9
"""Letters from which one typing error is forgiven, and from which two are."""
STREETS_ALIKE: Final = 80.0
STREETS_UNLIKE: Final = 45.0
"""Similarity (0..100) from which two streets are one, and below which they are two."""

Feature = tuple[str, str]
"""A feature and its value."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: a parsed name variant with what its comparisons need.

    Attributes:
        parsed: the name variant.
        distinctive: words that distinguish firms, in order.
        brands: those of them that are no common words.
        trades: families of its trades.
        generics: words that any firm may have.
        written: its trade words and general words as they are written.
        unit: it names a unit or branch.
        joined: all distinctive words without blanks.
        letters: all words of the name without blanks.
        streets: the words of its address in alphabetical order.
        places: countries and cities of name and address.
    """

    parsed: ParsedName
    distinctive: tuple[str, ...]
    brands: frozenset[str]
    trades: frozenset[str]
    generics: frozenset[str]
    written: tuple[str, ...]
    unit: bool
    joined: str
    letters: str
    streets: str
    places: frozenset[str]


def side(parsed: ParsedName) -> Side:
    """Return a parsed name variant as a side of comparisons."""
    distinctive = tuple(word.stands_for for word in parsed.words if word.kind in (BRAND, COMMON))
    places = parsed.cities | parsed.name_places | ({parsed.country} if parsed.country else frozenset())
    return Side(
        parsed=parsed,
        distinctive=distinctive,
        brands=frozenset(word.stands_for for word in parsed.words if word.kind == BRAND),
        trades=frozenset(word.stands_for for word in parsed.words if word.kind == TRADE),
        generics=frozenset(word.stands_for for word in parsed.words if word.kind == GENERIC),
        written=tuple(word.text for word in parsed.words if word.kind in (TRADE, GENERIC)),
        unit=any(word.kind == UNIT for word in parsed.words),
        joined="".join(distinctive),
        letters="".join(word.text for word in parsed.words),
        streets=" ".join(sorted(parsed.streets)),
        places=places,
    )


def features(a: Side, b: Side) -> list[Feature]:
    """Return the value of each feature of a pair, in a fixed order."""
    left, right = a.parsed, b.parsed
    distinctive, strength, spare = _distinctive(a, b)
    return [
        ("telling", distinctive),
        ("strength", strength),
        ("letters", _letters(a, b)),
        ("trade", _trade(a, b, spare)),
        ("generic", _overlap(a.generics, b.generics)),
        ("business", _overlap(a.trades | a.generics, b.trades | b.generics)),
        ("form", _form(left.forms, right.forms)),
        ("number", _numbers(left.numbers, right.numbers)),
        ("unit", "one" if a.unit != b.unit else "none"),
        ("place in name", _name_place(a, b)),
        ("country", _known(left.country, right.country)),
        ("city", _sets(left.cities, right.cities)),
        ("house", _sets(left.houses, right.houses)),
        ("zip", _zip(left.zips, right.zips)),
        ("street", _street(a, b)),
    ]


def _letters(a: Side, b: Side) -> str:
    """Return the similarity of the whole names, letter by letter; of a cut name up to its cut."""
    mine, theirs = a.letters, b.letters
    if a.parsed.is_cut != b.parsed.is_cut:
        shorter = min(len(mine), len(theirs))
        if shorter >= LONG_WORD:
            mine, theirs = mine[:shorter], theirs[:shorter]
    alike = fuzz.ratio(mine, theirs)
    for least in (100, 95, 90, 80, 65, 50):
        if alike >= least:
            return str(least)
    return "0"


def _distinctive(a: Side, b: Side) -> tuple[str, str, tuple[list[str], list[str]]]:
    """Return how the distinctive words agree, how strongly, and which words of both sides remain."""
    if not a.distinctive and not b.distinctive:
        return "generic", "0", ([], [])
    if a.distinctive == b.distinctive:
        return _equal(a, b), _strength(a.brands), ([], [])
    if a.joined == b.joined:
        return "joined" if a.brands or b.brands else "common", _strength(a.brands | b.brands), ([], [])
    left, right = list(a.distinctive), list(b.distinctive)
    shared = []
    for word in a.distinctive:
        if word in right:
            left.remove(word)
            right.remove(word)
            shared.append(word)
    if not left and not right:
        return _equal(a, b), _strength(a.brands), (left, right)
    typed = 0
    if left and right and "".join(left) == "".join(right):
        shared += left
        left, right = [], []
        typed = 1
    for word in list(left):
        match = next((other for other in right if typing_error(word, other)), None)
        if match is not None:
            left.remove(word)
            right.remove(match)
            shared.append(max(word, match, key=len))
            typed += 1
    cut = 0
    for mine, theirs, parsed in ((left, right, a.parsed), (right, left, b.parsed)):
        if parsed.is_cut and mine and theirs and mine[-1] == parsed.words[-1].stands_for:
            match = next((other for other in theirs if other.startswith(mine[-1])), None)
            if match:
                shared.append(mine.pop())
                theirs.remove(match)
                cut += 1
    strength = _strength(frozenset(word for word in shared if word in a.brands or word in b.brands))
    rest = (list(left), list(right))
    # a word that is in no list may be a mistyped trade word
    left = [word for word in left if not _is_written_in(word, b.written)]
    right = [word for word in right if not _is_written_in(word, a.written)]
    if not shared:
        if not (a.distinctive and b.distinctive):
            return "one", "0", rest
        if left and right and len(a.joined) > 7 and fuzz.ratio(a.joined, b.joined) >= 85.0:
            return "near", _strength(a.brands | b.brands), rest
        return "none", "0", rest
    if not left and not right:
        return ("typed" if typed else "cut"), strength, rest
    if left and right:
        return "mixed", strength, rest
    if any(word in a.brands or word in b.brands for word in (*left, *right)):
        return "more", strength, rest
    return "more common", strength, rest


def _equal(a: Side, b: Side) -> str:
    return "equal" if a.brands or b.brands else "common"


def _strength(shared: frozenset[str]) -> str:
    letters = sum(len(word) for word in shared)
    for least, strength in ((12, "12"), (9, "9"), (7, "7"), (5, "5"), (4, "4"), (2, "2")):
        if letters >= least:
            return strength
    return "0"


def typing_error(word: str, other: str) -> bool:
    """Return whether two words differ by one typing error, or by two if they are long."""
    length = min(len(word), len(other))
    if length < SHORT_WORD - 1 or abs(len(word) - len(other)) > 2:
        return False
    allowed = 2 if length >= LONG_WORD else 1
    if length == SHORT_WORD - 1 and word[0] != other[0]:
        return False
    return bool(OSA.distance(word, other, score_cutoff=allowed) <= allowed)


def _is_written_in(word: str, written: tuple[str, ...]) -> bool:
    return any(typing_error(word, other) or (len(word) >= 3 and other.startswith(word)) for other in written)


def _trade(a: Side, b: Side, spare: tuple[list[str], list[str]]) -> str:
    if not a.trades and not b.trades:
        return "none"
    only_a, only_b = a.trades - b.trades, b.trades - a.trades
    # a trade that one side has mistyped is among its distinctive words
    if only_b:
        only_b = frozenset(family for family in only_b if not _is_mistyped(family, b, spare[0]))
    if only_a:
        only_a = frozenset(family for family in only_a if not _is_mistyped(family, a, spare[1]))
    if not only_a and not only_b:
        return "same"
    if only_a and only_b:
        return "part" if a.trades & b.trades else "differ"
    if a.trades & b.trades:
        return "one more"
    silent = a if not a.trades else b
    return "one, the other cut" if silent.parsed.is_cut or silent.parsed.behind else "one"


def _is_mistyped(family: str, owner: Side, words: list[str]) -> bool:
    written = tuple(word.text for word in owner.parsed.words if word.stands_for == family)
    return any(_is_written_in(word, written) for word in words)


def _overlap(mine: frozenset[str], theirs: frozenset[str]) -> str:
    if mine == theirs:
        return "same" if mine else "none"
    if mine <= theirs or theirs <= mine:
        return "more"
    return "part" if mine & theirs else "differ"


def _form(mine: frozenset[str], theirs: frozenset[str]) -> str:
    mine, theirs = mine - {"CO"}, theirs - {"CO"}
    if not mine or not theirs:
        return "unknown"
    if mine == theirs:
        return "same"
    return "part" if mine & theirs else "differ"


def _numbers(mine: frozenset[str], theirs: frozenset[str]) -> str:
    if mine == theirs:
        return "same" if mine else "none"
    if not mine or not theirs:
        return "one"
    return "part" if mine & theirs else "differ"


def _name_place(a: Side, b: Side) -> str:
    mine, theirs = a.parsed.name_places, b.parsed.name_places
    if not mine and not theirs:
        return "none"
    if mine & theirs:
        return "same" if mine == theirs else "part"
    if mine and theirs:
        supported = mine <= b.places or theirs <= a.places
        return "differ, one of both" if supported else "differ"
    place, other, own = (mine, b, a) if mine else (theirs, a, b)
    if place & (other.parsed.cities | ({other.parsed.country} if other.parsed.country else set())):
        return "one, where the other is"
    if not other.places:
        return "one, other unknown"
    if place & own.places - own.parsed.name_places or own.parsed.cities & other.parsed.cities:
        return "one, of its own"
    return "one, elsewhere"


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
