"""Learn the points of the scorecard: `python -m bench.points --labelled FOLDER [--variants N] [--seed K]`.

Logistic regression over all values of all features, on the pairs that blocking makes of labelled names of real firms
and of invented
variants, each set with a weight. The result is bounded by rules, since both contain too few sisters at one address:
what
distinguishes two operating firms of one brand never counts for them.
"""

from __future__ import annotations

import argparse
import csv
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from scipy.optimize import minimize  # type: ignore[import-untyped]
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

from bench import labelled
from pipeline.entities.matching import blocking, score
from pipeline.entities.matching.index import COLUMNS, Index
from pipeline.entities.names.features import Feature
from pipeline.entities.names.serialization import side_of
from pipeline.warehouse.connection import scratch
from simulator import known_variants as known

POINTS: Final = Path(score.__file__).with_name("points.csv")
PAIRS: Final = 250_000
"""Pairs of a set that are learnt from, drawn by a hash of their ids."""
RIDGE: Final = 2.0
INVENTED: Final = "invented"
WEIGHTS: Final = {
    "us_h1b_employers": 10_000,
    "sec_registrants": 10_000,
    "ofac_firms": 10_000,
    "fda_ndc_labelers": 6_000,
    "sfi_cement": 6_000,
    "lei_siblings": 20_000,
    INVENTED: 24_000,
}
"""Pairs that all pairs of a set count as; look-alikes count most: with a quarter of it 82 of their pairs were merged,
not 34."""
AT_MOST: Final = {
    ("country", "differ"): -10,
    ("form", "differ"): -15,
    ("number", "differ"): -45,
    ("number", "one"): -36,
    ("number", "part"): -15,
    ("place in name", "differ"): -35,
    ("place in name", "differ, one of both"): -15,
    ("place in name", "one, elsewhere"): -25,
    ("place in name", "one, other unknown"): -12,
    ("same name", "to 7, abroad"): -80,
    ("same name", "to 11, abroad"): -75,
    ("same name", "to 7, elsewhere"): -30,
    ("same name", "to 7, unknown"): -5,
    ("shared at site", "to 7, address"): 5,
    ("shared at site", "to 7, city"): 0,
    ("shared at site", "to 7, zip"): 0,
    ("trade", "differ"): -48,
    ("trade", "one"): -10,
    ("trade", "one more"): -4,
    ("trade", "part"): -10,
    ("unit", "one"): -10,
}
"""What separates sisters, neighbours of one address and firms named by common words."""


def main() -> None:
    """Learn and write."""
    parser = argparse.ArgumentParser(prog="python -m bench.points", description=__doc__)
    parser.add_argument("--labelled", type=Path, required=True, help="folder of the labelled sets")
    parser.add_argument("--variants", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=11, help="never one that is measured with")
    options = parser.parse_args()
    sets = {firms.name: firms.table for firms in labelled.firms(options.labelled)}
    sets[INVENTED] = known.drawn(options.variants, options.seed)
    evidence, same, weight = [], [], []
    for name, truth in sets.items():
        found, match = pairs(truth)
        evidence += found
        same.append(match)
        weight.append(np.full(len(match), WEIGHTS[name] / max(len(match), 1)))
    learnt = bounded(learn(evidence, np.concatenate(same), np.concatenate(weight)))
    with POINTS.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("feature", "value", "points"))
        rows.writerows((*feature, worth) for feature, worth in sorted(learnt.items()))
    print(f"{len(learnt)} values from {len(evidence):,} pairs: {POINTS}")


def pairs(truth: pa.Table) -> tuple[list[list[Feature]], np.ndarray[Any, Any]]:
    """Features of candidate pairs, and whether each is one firm; pairs of two firms of one group are left out."""
    with closing(scratch()) as connection:
        index = Index(connection)
        connection.register("truth", truth)
        empty = ", ".join(f"coalesce({name}, '') as {name}" for name in ("city", "zip", "country_code", "state"))
        texts = connection.execute(f"select {', '.join(COLUMNS)} from (select * replace ({empty}) from truth)")
        index.parse(texts.to_arrow_table())
        rows = connection.execute(
            "select spelling_id, reading from spelling where spelling_id = signature order by spelling_id"
        ).fetchall()
        drawn = connection.execute(f"""
            select made.a, made.b, mine.firm_id = its.firm_id
            from ({blocking.pairs_sql("keyed")}) as made
            inner join truth as mine on made.a = mine.spelling_id
            inner join truth as its on made.b = its.spelling_id
            where
                mine.firm_id is not null and its.firm_id is not null
                and (mine.firm_id = its.firm_id or mine.group_id <> its.group_id)
            order by hash(made.a, made.b)
            limit {PAIRS}
        """).fetchall()
    sides = {spelling_id: side_of(reading) for spelling_id, reading in rows}
    found = [score.best_features(sides[a], sides[b]) for a, b, _ in drawn]
    return found, np.array([same for _, _, same in drawn], dtype=float)


def learn(
    evidence: list[list[Feature]], same: np.ndarray[Any, Any], weight: np.ndarray[Any, Any]
) -> dict[Feature, int]:
    """Weights of a ridge regression of the odds, in points."""
    names = sorted({feature for item in evidence for feature in item})
    number = {name: place for place, name in enumerate(names)}
    where = [(row, number[feature]) for row, item in enumerate(evidence) for feature in item]
    rows, columns = zip(*where, strict=True)
    given = csr_matrix((np.ones(len(where)), (rows, columns)), shape=(len(evidence), len(names)))

    def loss(weights: np.ndarray[Any, Any]) -> tuple[float, np.ndarray[Any, Any]]:
        odds = given @ weights[:-1] + weights[-1]
        wrong = weight * (1.0 / (1.0 + np.exp(-odds)) - same)
        slope = given.T @ wrong + RIDGE * weights[:-1]
        value = weight @ (np.logaddexp(0.0, odds) - same * odds) + RIDGE / 2 * (weights[:-1] @ weights[:-1])
        return float(value), np.append(slope, wrong.sum())

    best = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 400}).x
    worth = {name: round(score.POINTS_PER_LOGIT * float(best[number[name]])) for name in names}
    return {score.ALWAYS: round(score.POINTS_PER_LOGIT * float(best[-1])), **worth}


def bounded(learnt: dict[Feature, int]) -> dict[Feature, int]:
    """The same within the rules; what is worth nothing left out."""
    kept = {feature: min(learnt.get(feature, 0), AT_MOST.get(feature, 1_000)) for feature in {*learnt, *AT_MOST}}
    return {feature: worth for feature, worth in kept.items() if worth or feature == score.ALWAYS}


if __name__ == "__main__":
    main()
