"""Learn the points of the scorecard: `python -m bench.points [--variants N] [--seed K]` writes `points.csv`.

Logistic regression over all values of all features, on the pairs that blocking makes of invented variants. The result
is then bounded by rules, since the invented firms contain too few real sisters: what distinguishes two operating
firms of one brand never counts for them.
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

from pipeline.entities.matching import blocking, score
from pipeline.entities.matching.index import COLUMNS, Index
from pipeline.entities.names.features import Feature, features
from pipeline.entities.names.serialization import side_of
from pipeline.warehouse.connection import scratch
from simulator import known_variants as known

POINTS: Final = Path(score.__file__).with_name("points.csv")
PAIRS: Final = 400_000
"""Pairs that are learnt from, drawn by a hash of their ids."""
RIDGE: Final = 3.0
LEAST_WORTH: Final = 2
"""Points from which a value is kept."""
AT_MOST: Final = {
    ("number", "one"): -45,
    ("number", "differ"): -60,
    ("number", "part"): -15,
    ("place in name", "differ"): -45,
    ("place in name", "differ, one of both"): -15,
    ("place in name", "one, elsewhere"): -25,
    ("place in name", "one, other unknown"): -12,
    ("country", "differ"): -45,
    ("trade", "differ"): -35,
    ("trade", "part"): -12,
    ("trade", "one"): -6,
    ("trade", "one more"): -6,
    ("unit", "one"): -12,
    ("form", "differ"): -8,
    **{("name and letters", f"{name}, {alike}"): -20 for name in ("none", "mixed", "one") for alike in (0, 50, 65, 80)},
}
"""What separates sisters, and neighbours of one address."""
OF_THE_UNKNOWN: Final = (-8, 5)
"""Bounds of what it may be worth that something is not known."""


def main() -> None:
    """Learn and write."""
    parser = argparse.ArgumentParser(prog="python -m bench.points", description=__doc__)
    parser.add_argument("--variants", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=11, help="never one that is measured with")
    options = parser.parse_args()
    evidence, same = pairs(known.drawn(options.variants, options.seed))
    learnt = bounded(learn(evidence, same))
    with POINTS.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("feature", "value", "points"))
        rows.writerows((*feature, worth) for feature, worth in sorted(learnt.items()))
    print(f"{len(learnt)} values from {len(same):,} pairs, {int(same.sum()):,} of one firm: {POINTS}")


def pairs(truth: pa.Table) -> tuple[list[list[Feature]], np.ndarray[Any, Any]]:
    """Features of candidate pairs, and whether each is one firm."""
    with closing(scratch()) as connection:
        index = Index(connection)
        connection.register("truth", truth)
        empty = ", ".join(f"coalesce({name}, '') as {name}" for name in ("city", "zip", "country_code"))
        texts = connection.execute(f"select {', '.join(COLUMNS)} from (select * replace ({empty}) from truth)")
        index.read(texts.to_arrow_table())
        rows = connection.execute(
            "select spelling_id, reading from variant where spelling_id = signature order by spelling_id"
        ).fetchall()
        drawn = connection.execute(f"""
            select made.a, made.b, mine.firm_id = its.firm_id
            from ({blocking.pairs_sql("keyed")}) as made
            inner join truth as mine on made.a = mine.spelling_id
            inner join truth as its on made.b = its.spelling_id
            where mine.firm_id is not null and its.firm_id is not null
            order by hash(made.a, made.b)
            limit {PAIRS}
        """).fetchall()
    sides = {spelling_id: side_of(reading) for spelling_id, reading in rows}
    found = [features(sides[a], sides[b]) for a, b, _ in drawn]
    return [[*item, *score.together(item)] for item in found], np.array([same for _, _, same in drawn], dtype=float)


def learn(evidence: list[list[Feature]], same: np.ndarray[Any, Any]) -> dict[Feature, int]:
    """Weights of a ridge regression of the odds, in points."""
    names = sorted({feature for item in evidence for feature in item})
    number = {name: place for place, name in enumerate(names)}
    where = [(row, number[feature]) for row, item in enumerate(evidence) for feature in item]
    rows, columns = zip(*where, strict=True)
    given = csr_matrix((np.ones(len(where)), (rows, columns)), shape=(len(evidence), len(names)))

    def loss(weights: np.ndarray[Any, Any]) -> tuple[float, np.ndarray[Any, Any]]:
        odds = given @ weights[:-1] + weights[-1]
        wrong = 1.0 / (1.0 + np.exp(-odds)) - same
        slope = given.T @ wrong + RIDGE * weights[:-1]
        value = np.logaddexp(0.0, odds).sum() - same @ odds + RIDGE / 2 * (weights[:-1] @ weights[:-1])
        return float(value), np.append(slope, wrong.sum())

    best = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 400}).x
    worth = {name: round(score.POINTS_PER_LOGIT * float(best[number[name]])) for name in names}
    return {score.ALWAYS: round(score.POINTS_PER_LOGIT * float(best[-1])), **worth}


def bounded(learnt: dict[Feature, int]) -> dict[Feature, int]:
    """The same within the rules; what is worth next to nothing left out."""
    kept = {}
    for feature in {*learnt, *AT_MOST}:
        worth = min(learnt.get(feature, 0), AT_MOST.get(feature, 1_000))
        if feature[1] == "unknown":
            worth = max(OF_THE_UNKNOWN[0], min(OF_THE_UNKNOWN[1], worth))
        if abs(worth) >= LEAST_WORTH or feature == score.ALWAYS:
            kept[feature] = worth
    return kept


if __name__ == "__main__":
    main()
