"""Learning of the points of the scorecard: logistic regression over all values of all features, bounded by rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize  # type: ignore[import-untyped]
from scipy.sparse import csr_matrix, vstack  # type: ignore[import-untyped]

from bench.evidence import INVENTED, Evidence
from pipeline.entities.matching import score
from pipeline.entities.names.name_pair import Feature

RIDGE: Final = 2.0
WEIGHTS: Final = {
    "us_h1b_employers": 10_000,
    "sec_registrants": 5_000,
    "ofac_firms": 5_000,
    "fda_ndc_labelers": 6_000,
    "sfi_cement": 3_000,
    "lei_siblings": 24_000,
    INVENTED: 24_000,
}
"""Pairs that all pairs of a set and layout count as; look-alikes count most."""
SISTERS: Final = {"us_h1b_employers": 0.0, "sec_registrants": 0.3, "ofac_firms": 0.3, "fda_ndc_labelers": 0.3}
"""Weight of a pair of two firms of one group, 1 where a set is not listed: the group of the employers is a guess of
its publisher."""
LARGEST: Final = 20
"""Variants of a firm from which its pairs count no less."""
UNKNOWN: Final = (-8, 5)
"""Bounds of what an unknown place is worth: files differ in what they leave out."""
AT_MOST: Final[dict[Feature, int]] = {
    ("country", "differ"): -10,
    ("form", "differ"): -15,
    ("number", "differ"): -45,
    ("form", "one partnership"): -15,
    ("fund", "other words"): -40,
    ("number", "one"): -30,
    ("number", "part"): -15,
    ("place in name", "differ"): -35,
    ("place in name", "differ, one of both"): -15,
    ("place in name", "one, elsewhere"): -25,
    ("place in name", "one, other unknown"): -12,
    ("same name", "to 7, abroad"): -65,
    ("same name", "to 11, abroad"): -65,
    ("shared at site", "to 7, address"): 5,
    ("shared at site", "to 7, city"): 0,
    ("shared at site", "to 7, zip"): 0,
    ("trade", "differ"): -48,
    ("trade", "one"): -10,
    ("trade", "one more"): -4,
    ("trade", "part"): -10,
    ("unit", "one"): -10,
    ("words", "none"): -25,
    **{("letters and words", f"{least}, none"): 0 for least in (100, 95, 90, 80, 65, 50, 0)},
    **{
        ("trade at site", f"differ, {site}"): 0
        for site in ("address", "zip", "city", "state", "elsewhere", "abroad", "unknown")
    },
}
"""What separates sisters, neighbours of one address and firms named by common words counts at least so much against a
match, of which the labelled sets have too few."""

AFTERWARDS: Final[dict[Feature, int]] = {
    ("number", "differ"): -70,
    ("same name", "to 7, abroad"): -90,
    ("same name", "to 11, abroad"): -90,
    ("shared at site", "to 7, address"): -10,
    ("trade at site", "differ, address"): -5,
}
"""Bounds that hold for what was learnt, so that no other value makes up for them: common names abroad, neighbours and
sisters of one address."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """Pairs as a matrix.

    Attributes:
        given: one row a pair, one column a value of a feature.
        weight: of each pair.
    """

    evidence: Evidence
    given: Any
    weight: Floats


@dataclass(frozen=True)
class Model:
    """Points of each value, and of every pair."""

    values: list[Feature]
    points: Floats
    always: float

    def scores(self, sample: Sample) -> Floats:
        """Return the score of each pair."""
        odds = (sample.given @ self.points + self.always) / score.POINTS_PER_LOGIT
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(odds, -30, 30))))

    def table(self) -> dict[Feature, int]:
        """Return the points of what is worth any."""
        worth = {value: int(points) for value, points in zip(self.values, self.points, strict=True) if points}
        return {score.ALWAYS: int(self.always), **worth}


def samples(sets: Sequence[Evidence]) -> tuple[list[Sample], list[Feature]]:
    """Return all sets as matrices over the same values."""
    values = sorted({value for evidence in sets for found in evidence.features for value in found} | AT_MOST.keys())
    number = {value: place for place, value in enumerate(values)}
    made = []
    for evidence in sets:
        columns = [number[value] for found in evidence.features for value in found]
        ends = np.cumsum([0, *map(len, evidence.features)])
        given = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(ends) - 1, len(values)))
        made.append(Sample(evidence, given, _weights(evidence)))
    return made, values


def _weights(evidence: Evidence) -> Floats:
    """Return the weight of each pair: one of a firm with many variants counts less."""
    variants = np.bincount(evidence.firm)[evidence.firm[evidence.a]]
    weight = np.where(evidence.same, 1 / np.sqrt(np.clip(variants, 2, LARGEST) - 1), 1.0)
    weight[evidence.sisters] = SISTERS.get(evidence.name, 1.0)
    return np.asarray(weight * WEIGHTS[evidence.name] / weight.sum())


def learn(parts: Iterable[tuple[Sample, npt.NDArray[np.bool_]]], values: list[Feature]) -> Model:
    """Return the points learnt from some pairs of each sample."""
    chosen = [(sample, rows & (sample.weight > 0)) for sample, rows in parts]
    given = vstack([sample.given[rows] for sample, rows in chosen]).tocsr()
    same = np.concatenate([sample.evidence.same[rows] for sample, rows in chosen]).astype(float)
    weight = np.concatenate([sample.weight[rows] for sample, rows in chosen])
    given, same, weight = _merged(given, same, weight)
    loss = _loss(given, same, weight)
    bounds = [_bounds(value) for value in values]
    best = minimize(
        loss, np.zeros(len(values) + 1), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)],
        options={"maxiter": 400},
    ).x  # fmt: skip
    points = np.round(score.POINTS_PER_LOGIT * best)
    for place, value in enumerate(values):
        points[place] = min(points[place], AFTERWARDS.get(value, points[place]))
    return Model(values, points[:-1], float(points[-1]))


def _merged(given: Any, same: Floats, weight: Floats) -> tuple[Any, Floats, Floats]:
    """Return different rows of values once, with the weight of all their pairs and the share that is one firm."""
    keys = given @ np.random.default_rng(0).integers(1, 2**52, given.shape[1]).astype(np.float64)
    _, first, at = np.unique(keys, return_index=True, return_inverse=True)
    total = np.bincount(at, weight)
    return given[first], np.asarray(np.bincount(at, weight * same) / total), np.asarray(total, dtype=np.float64)


def _loss(given: Any, same: Floats, weight: Floats) -> Callable[[Floats], tuple[float, Floats]]:
    turned = given.T.tocsr()

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = given @ weights[:-1] + weights[-1]
        wrong = weight * (1.0 / (1.0 + np.exp(-odds)) - same)
        slope = turned @ wrong + RIDGE * weights[:-1]
        value = weight @ (np.logaddexp(0.0, odds) - same * odds) + RIDGE / 2 * (weights[:-1] @ weights[:-1])
        return float(value), np.append(slope, wrong.sum())

    return loss


def _bounds(value: Feature) -> tuple[float | None, float | None]:
    if value in AT_MOST:
        return None, AT_MOST[value] / score.POINTS_PER_LOGIT
    if value[1] == "unknown":
        return UNKNOWN[0] / score.POINTS_PER_LOGIT, UNKNOWN[1] / score.POINTS_PER_LOGIT
    return None, None
