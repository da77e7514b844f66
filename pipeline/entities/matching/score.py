"""The score of a pair of name variants, 0..1, and its reasons.

Each pair has a value for each of some twenty features (how the words agree, how rare they are, forms, numbers,
places). A value is
worth points, which add up; the sum gives the score. The points are in `points.csv` beside this module, learnt by
logistic regression on
labelled names of real firms and on invented variants (`python -m bench.points`), and bounded by rules where those say
too little about
sister firms: another number, place or trade in the names always counts against. A score depends on the two variants
alone.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Collection, Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from pipeline.entities.names.chinese import are_others
from pipeline.entities.names.features import Compared, Side, combinations, compare, features
from pipeline.entities.names.name_pair import PAIRS_KEPT, Feature, NamePair

POINTS_PER_LOGIT: Final = 10
"""Points are tenths of a natural logarithm of odds."""
ALWAYS: Final[Feature] = ("always", "")
"""What every pair begins with: most pairs are two firms."""
STORED_FROM: Final = 0.2
"""Score from which a pair is stored: one below counts as never compared."""
REFUSED: Final = 0.0
"""Score of two variants that are never one firm, whatever others are like both; no sum of points gives it."""


def points(found: Iterable[Feature]) -> int:
    """Return the sum of the points of features."""
    worth = point_table()
    return sum(worth.get(feature, 0) for feature in found)


def best_features(a: Side, b: Side) -> list[Feature]:
    """Return the features of a pair, of those of its names (each may have an alias) that agree best."""
    return features(max(_compared(a, b), key=total))


def _compared(a: Side, b: Side) -> list[Compared]:
    """Return how two sides agree under each of their names."""
    if a.alias is None and b.alias is None:
        return [compare(a, b)]
    return [compare(mine, other) for mine in (a, a.alias) if mine for other in (b, b.alias) if other]


def total(compared: Compared) -> int:
    """Return the points of all features of a pair, and those that every pair begins with."""
    return (
        points((ALWAYS,))
        + _points_of_names(compared.names)
        + points(compared.beside)
        + _points_of_combinations(compared.names, compared.name_place, compared.site)
    )


@lru_cache(maxsize=PAIRS_KEPT)
def _points_of_names(names: NamePair) -> int:
    return points(names.found)


@lru_cache(maxsize=PAIRS_KEPT)
def _points_of_combinations(names: NamePair, name_place: str, site: str) -> int:
    return points(combinations(names, name_place, site))


def score_of(total: int) -> float:
    """Return the score of a sum of points, 0..1."""
    return 1.0 / (1.0 + math.exp(-max(min(total / POINTS_PER_LOGIT, 30.0), -30.0)))


def score(a: Side, b: Side) -> float:
    """Return the score of two name variants, 0..1."""
    best = max(_compared(a, b), key=total)
    value = score_of(total(best))
    return REFUSED if value >= STORED_FROM and _only_sound_alike(a, b, best.beside) else value


def _only_sound_alike(a: Side, b: Side, found: Collection[Feature]) -> bool:
    """Return whether two names have other characters, and no house in common says that one is mistyped."""
    if not are_others(a.characters, b.characters):
        return False
    houses = a.place.houses
    return not (houses and houses == b.place.houses and ("street", "alike") in found)


@cache
def point_table() -> dict[Feature, int]:
    """Return the points of each value of each feature."""
    with files(__package__).joinpath("points.csv").open(encoding="utf-8") as file:
        return {(row["feature"], row["value"]): int(row["points"]) for row in csv.DictReader(file)}


STRONGEST: Final = 4
"""Reasons that are given."""
WORDS: Final = {
    ("words", "equal"): "the words are equal",
    ("words", "joined"): "the words are equal but for blanks",
    ("words", "typed"): "the words are equal but for typing errors",
    ("words", "cut"): "one name is the other, cut",
    ("words", "more"): "one name has a word more",
    ("words", "mixed"): "words differ on both sides",
    ("words", "none"): "no word agrees",
    ("shared", "to 4"): "only very common words agree",
    ("shared", "to 7"): "only common words agree",
    ("shared", "to 9"): "one word agrees",
    ("shared", "to 18"): "rare words agree",
    ("shared", "to 23"): "rare words agree",
    ("shared", "over 23"): "several rare words agree",
    ("spare", "0, 4"): "one name has a rare word more",
    ("spare", "3, 4"): "rare words differ",
    ("spare", "4, 4"): "rare words differ on both sides",
    ("trade", "differ"): "other trades",
    ("trade", "part"): "trades agree in part",
    ("trade", "one"): "only one name states a trade",
    ("trade", "one more"): "one name states a trade more",
    ("trade", "one, the other cut"): "only one name states a trade, the other is cut",
    ("number", "differ"): "other numbers in the names",
    ("number", "one"): "only one name holds a number",
    ("number", "same"): "the same number in the names",
    ("number", "part"): "some numbers in the names differ",
    ("place in name", "differ"): "other places in the names",
    ("place in name", "differ, one of both"): "other places in the names, one of them shared",
    ("place in name", "same"): "the same place in the names",
    ("place in name", "one, elsewhere"): "one name holds a place where the other is not",
    ("place in name", "one, other unknown"): "one name holds a place, the other's is unknown",
    ("place in name", "one, where the other is"): "one name holds the place where the other is",
    ("country", "differ"): "other countries",
    ("state", "differ"): "other states",
    ("state", "same"): "the same state",
    ("city", "same"): "the same city",
    ("city", "differ"): "other cities",
    ("house", "same"): "the same house number",
    ("house", "differ"): "other house numbers",
    ("zip", "same"): "the same postal code",
    ("zip", "near"): "postal codes of one region",
    ("zip", "differ"): "other postal codes",
    ("street", "alike"): "the same street",
    ("street", "unlike"): "other streets",
    ("form", "differ"): "other legal forms",
    ("form", "INC and CORP"): "other legal forms",
    ("place in name", "one, of neither"): "one name holds a place where neither is",
    ("unit", "one"): "one name speaks of a unit or branch",
    ("owner", "one"): "one name is that of a holding or group",
    ("direction", "one"): "only one name holds a direction",
    ("direction", "differ"): "other directions in the names",
    ("first word", "same"): "the names begin with the same word",
    ("first word", "differ"): "the names begin with other words",
    ("letters", "100"): "equal letter by letter",
    ("letters", "95"): "nearly equal letter by letter",
    ("letters", "90"): "alike letter by letter",
    ("letters", "0"): "unlike letter by letter",
}
"""Values that are given as reasons; a value that is worth nothing, or the opposite of its words, is left out."""
OTHER_CHARACTERS: Final = "the names are written in other characters"
_BESIDE: Final = {
    "form at site": "form",
    "trade at site": "trade",
    "spare at site": "spare",
    "place in name at site": "place in name",
    "place in name and words": "place in name",
    "letters and words": "letters",
    "spare and shared": "spare",
    "first word and shared": "first word",
    "same name": "words",
    "same name and form": "form",
    "name at site": "words",
    "shared at site": "shared",
}
"""Combined features, and the feature among the reasons with which each counts."""


def reasons(a: Side, b: Side) -> str:
    """Return the strongest reasons for and against, strongest first, as one text."""
    found = best_features(a, b)
    table = point_table()
    worth: dict[Feature, int] = {feature: table.get(feature, 0) for feature in found if feature in WORDS}
    named = {name: (name, value) for name, value in worth}
    for feature in found:
        # a combination counts with the first of its features
        single = named.get(_BESIDE.get(feature[0], ""))
        if single:
            worth[single] += table.get(feature, 0)
    strongest = sorted(worth, key=lambda feature: (-abs(worth[feature]), feature))[:STRONGEST]
    given = [f"{WORDS[feature]} ({worth[feature]:+d})" for feature in strongest if worth[feature]]
    return "; ".join([OTHER_CHARACTERS, *given] if _only_sound_alike(a, b, found) else given)
