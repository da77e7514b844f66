"""The score of a pair of name variants, 0..1, and its reasons.

Each pair has a value for each of some fifteen features (whether distinctive words, trades, numbers, places, houses
agree). A value is worth points, which add up; the sum gives the score. The points are in `points.csv` beside this
module. They were learnt by logistic regression on invented variants of one seed, and bounded by rules where those say
too little about real sister firms: another number, place, country or trade in the names always counts against. A score
depends on the two variants alone.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from pipeline.entities.names.features import Feature, Side, features

POINTS_PER_LOGIT: Final = 10
"""Points are tenths of a natural logarithm of odds."""
ALWAYS: Final[Feature] = ("always", "")
"""What every pair begins with: most pairs are two firms."""


def points(found: Sequence[Feature]) -> int:
    """Return the sum of the points of features and of their combinations."""
    worth = point_table()
    return worth[ALWAYS] + sum(worth.get(feature, 0) for feature in (*found, *together(found)))


def together(found: Sequence[Feature]) -> list[Feature]:
    """Return the combinations of features that count beyond each of them."""
    value = dict(found)
    site = min((value["house"] == "same") + (value["zip"] == "same") + (value["street"] == "alike"), 2)
    name = _name_class(value["telling"])
    return [("site", str(site)), ("name and letters", f"{name}, {value['letters']}")]


def _name_class(telling: str) -> str:
    if telling in ("equal", "joined", "cut"):
        return "equal"
    return telling


def score_of(total: int) -> float:
    """Return the score of a sum of points, 0..1."""
    return 1.0 / (1.0 + math.exp(-max(min(total / POINTS_PER_LOGIT, 30.0), -30.0)))


def score(a: Side, b: Side) -> float:
    """Return the score of two name variants, 0..1."""
    return score_of(points(features(a, b)))


@cache
def point_table() -> dict[Feature, int]:
    """Return the points of each value of each feature."""
    with files(__package__).joinpath("points.csv").open(encoding="utf-8") as file:
        return {(row["feature"], row["value"]): int(row["points"]) for row in csv.DictReader(file)}


STRONGEST: Final = 4
"""Reasons that are given."""
WORDS: Final = {
    ("telling", "equal"): "the telling words are equal",
    ("telling", "joined"): "the telling words are equal but for blanks",
    ("telling", "typed"): "the telling words are equal but for typing errors",
    ("telling", "cut"): "one name is the other, cut",
    ("telling", "common"): "only common words agree",
    ("telling", "generic"): "neither name holds a telling word",
    ("telling", "near"): "the telling words look alike",
    ("telling", "more common"): "one name has a common word more",
    ("telling", "more"): "one name has a telling word more",
    ("telling", "mixed"): "telling words differ on both sides",
    ("telling", "one"): "only one name holds telling words",
    ("telling", "none"): "no telling word agrees",
    ("trade", "differ"): "other trades",
    ("trade", "part"): "trades agree in part",
    ("trade", "one"): "only one name tells a trade",
    ("trade", "one more"): "one name tells a trade more",
    ("trade", "same"): "the same trade",
    ("trade", "one, the other cut"): "only one name tells a trade, the other is cut",
    ("business", "differ"): "other lines of business",
    ("business", "same"): "the same line of business",
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
    ("country", "same"): "the same country",
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
    ("form", "same"): "the same legal form",
    ("unit", "one"): "one name speaks of a unit or branch",
    ("generic", "differ"): "other general words",
    ("generic", "same"): "the same general words",
    ("letters", "100"): "equal letter by letter",
    ("letters", "95"): "nearly equal letter by letter",
    ("letters", "90"): "alike letter by letter",
}


def reasons(a: Side, b: Side) -> str:
    """Return the strongest reasons for and against, strongest first, as one text."""
    found = features(a, b)
    worth: dict[Feature, int] = {feature: point_table().get(feature, 0) for feature in found if feature in WORDS}
    value = dict(found)
    for feature in together(found):
        # a combination counts with the first of its features
        combined = point_table().get(feature, 0)
        if feature[0].startswith("name and") and ("telling", value["telling"]) in worth:
            worth[("telling", value["telling"])] += combined
    strongest = sorted(worth, key=lambda feature: (-abs(worth[feature]), feature))[:STRONGEST]
    return "; ".join(f"{WORDS[feature]} ({worth[feature]:+d})" for feature in strongest if worth[feature])
