"""Whether two spellings are one firm: evidence, points, and a score.

Each pair is looked at by some fifteen features (do the words that tell firms apart agree, do trades, numbers, places,
houses). Each value of a feature is worth points, which add up; the sum is turned into a score of 0..1. The points
stand in `points.csv` beside this module. They were learnt by logistic regression on synthetic spellings of one seed,
and are bounded by rules where those tell too little of real sisters: another number, place, country or trade in the
names always counts against.

A score depends on the two readings alone.
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
"""What every pair begins with: most candidates are two firms."""


def points(found: Sequence[Feature]) -> int:
    """Sum of the points of features and of what two of them say together."""
    worth = point_table()
    return worth[ALWAYS] + sum(worth.get(feature, 0) for feature in (*found, *together(found)))


def together(found: Sequence[Feature]) -> list[Feature]:
    """What features say together that neither says alone."""
    value = dict(found)
    site = min((value["house"] == "same") + (value["zip"] == "same") + (value["street"] == "alike"), 2)
    name = _name_class(value["telling"])
    return [("site", str(site)), ("name and letters", f"{name}, {value['letters']}")]


def _name_class(telling: str) -> str:
    if telling in ("equal", "joined", "cut"):
        return "equal"
    return telling


def score_of(total: int) -> float:
    """Score of a sum of points, 0..1."""
    return 1.0 / (1.0 + math.exp(-max(min(total / POINTS_PER_LOGIT, 30.0), -30.0)))


def score(a: Side, b: Side) -> float:
    """How sure it is that two sides are one firm, 0..1."""
    return score_of(points(features(a, b)))


@cache
def point_table() -> dict[Feature, int]:
    """Points of each value of each feature."""
    with files(__package__).joinpath("points.csv").open(encoding="utf-8") as file:
        return {(row["feature"], row["value"]): int(row["points"]) for row in csv.DictReader(file)}
