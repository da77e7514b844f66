"""Learn the points of the scorecard, and measure how well points agree with labels that they have not seen.

python -m bench.points --labelled FOLDER              in sample, cross-validated and with each set left out
python -m bench.points --labelled FOLDER --write      the same, and write pipeline/entities/matching/points.csv

Cross-validation splits the families of firms in four: a pair is scored by points that were learnt without any pair of
the family of one side (of both where they are one), then the whole set is clustered. A set that is left out gives no
pair. Features stay in the folder of --cache until the code that makes them changes: the first run takes three minutes,
the next ones one.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import Final

import numpy as np

from bench.agreement import Agreement, counted_pairs, pairwise
from bench.evidence import FOLDS, Evidence, gathered
from bench.learning import Floats, Model, Sample, learn, samples
from pipeline.entities.matching import score
from pipeline.entities.names.name_pair import Feature

POINTS: Final = Path(score.__file__).with_name("points.csv")


def main() -> None:
    """Learn, measure and write."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.points", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--labelled", type=Path, required=True, help="folder of the labelled sets")
    parser.add_argument("--cache", type=Path, default=Path("build/evidence"), help="of features [build/evidence]")
    parser.add_argument("--variants", type=int, default=20_000, help="invented name variants to learn from [20000]")
    parser.add_argument("--seed", type=int, default=11, help="of the invented ones, none that is measured with [11]")
    parser.add_argument("--write", action="store_true", help="write points.csv")
    parser.add_argument("--fast", action="store_true", help="cross-validate only")
    options = parser.parse_args()
    sets, values = samples(gathered(options.labelled, options.cache, options.variants, options.seed))
    whole = learn(((sample, np.ones(len(sample.weight), dtype=bool)) for sample in sets), values)
    if options.write:
        write(whole.table())
    rows = {"in sample": [whole.scores(sample) for sample in sets], "cross-validated": cross_validated(sets, values)}
    if not options.fast:
        rows["set left out"] = left_out(sets, values)
    for place, sample in enumerate(sets):
        for title, scores in rows.items():
            print(report(sample.evidence, scores[place], title), flush=True)


def cross_validated(sets: list[Sample], values: list[Feature]) -> list[Floats]:
    """Return the scores of all pairs, each by points that have not seen its families."""
    scores = [np.zeros(len(sample.weight)) for sample in sets]
    for fold in range(FOLDS):
        inside = [_touches(sample.evidence, fold) for sample in sets]
        model = learn(((sample, ~rows) for sample, rows in zip(sets, inside, strict=True)), values)
        for sample, rows, found in zip(sets, inside, scores, strict=True):
            found[rows] = model.scores(sample)[rows]
    return scores


def left_out(sets: list[Sample], values: list[Feature]) -> list[Floats]:
    """Return the scores of the pairs of each set by points that have not seen the set in any layout."""
    models: dict[str, Model] = {}
    for name in dict.fromkeys(sample.evidence.name for sample in sets):
        others = [sample for sample in sets if sample.evidence.name != name]
        models[name] = learn(((sample, np.ones(len(sample.weight), dtype=bool)) for sample in others), values)
    return [models[sample.evidence.name].scores(sample) for sample in sets]


def _touches(evidence: Evidence, fold: int) -> np.ndarray:
    return np.asarray((evidence.fold[evidence.a] == fold) | (evidence.fold[evidence.b] == fold))


def report(evidence: Evidence, scores: Floats, title: str) -> str:
    """Return a line with the agreement of the clusters of some scores; pairs of sisters left out, and counted."""
    entity = evidence.clusters(scores)
    strict = pairwise(evidence.firm, entity)
    joined = counted_pairs(entity)
    right = round(strict.precision * joined)
    sisters = counted_pairs(evidence.group, entity) - right
    lenient = Agreement(right / max(joined - sisters, 1), strict.recall)
    what = f"{evidence.name:17} {evidence.layout:8} {title:16}"
    return f"{what} {lenient}  strict F1 {strict.f1:.4f}  wrong pairs {joined - right:,}"


def write(points: dict[Feature, int]) -> None:
    """Write the points of all values."""
    with POINTS.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("feature", "value", "points"))
        rows.writerows((*feature, worth) for feature, worth in sorted(points.items()))


if __name__ == "__main__":
    main()
