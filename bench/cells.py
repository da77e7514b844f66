"""`python -m bench.cells`: how well cargo texts predict a bill's heading, on bills whose code is known and held back.

`python -m bench.cells [--home FOLDER] [--text TEXT]`

Suppliers are dealt into parts; each part is held back once, so that no set phrase of a supplier is
in the training data.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.entities.products.cells import LEAST_CONFIDENCE
from pipeline.entities.products.model import FOLDS, CellModel, fold_of
from pipeline.entities.products.texts import NIGHTLY, Examples, make_unknown, read_examples, unknown_words
from pipeline.settings import load_settings
from pipeline.thresholds import threshold
from pipeline.warehouse.connection import warehouse

BANDS: Final = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 1.01)
"""Bounds of the bands of confidence that are printed."""
CONFUSED_SHOWN: Final = 5
EXPLAINED: Final = 3


@dataclass(frozen=True)
class HeldOut:
    """Predictions for texts that were held back, one entry each.

    Attributes:
        right: whether it was the heading.
        confidence: confidence of the model in it.
        pairs: true and predicted heading.
    """

    right: npt.NDArray[np.bool_]
    confidence: npt.NDArray[np.float64]
    pairs: list[tuple[str, str]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.cells", description=__doc__)
    parser.add_argument("--home", type=Path, help="a loaded home [LEVERAGE_HOME]")
    parser.add_argument("--text", help="words of a cargo text to explain, in capitals")
    given = parser.parse_args(arguments)
    settings = load_settings(**({"home": given.home} if given.home else {}))
    with warehouse(settings) as connection:
        started = time.monotonic()
        examples = read_examples(connection, NIGHTLY)
        texts = make_unknown(connection, NIGHTLY)
        unknown = list(itertools.chain.from_iterable(unknown_words(connection)))
    read = time.monotonic() - started
    print(
        f"{len(examples.words):,} texts of {len(set(examples.supplier)):,} suppliers with one of "
        f"{len(set(examples.hs4)):,} headings, read in {read:.1f} s"
    )
    report(held_out(examples), threshold(LEAST_CONFIDENCE), examples)
    started = time.monotonic()
    model = CellModel(examples)
    learned = time.monotonic() - started
    started = time.monotonic()
    answers = model.predict(unknown)
    assigned = float((answers.confidence >= threshold(LEAST_CONFIDENCE)).mean()) if unknown else 0.0
    print(
        f"learned in {learned:.1f} s, {len(model.words):,} words; of {texts:,} texts without a code "
        f"({len(unknown):,} by their words) {assigned:.1%} assigned in {time.monotonic() - started:.1f} s"
    )
    for words in [given.text] if given.text else unknown[:: max(len(unknown) // EXPLAINED, 1)][:EXPLAINED]:
        explain(model, words)


def held_out(examples: Examples) -> HeldOut:
    """Learn from all parts but one and predict that one, in turn."""
    fold = np.array([fold_of("bench" + supplier) for supplier in examples.supplier])
    right, confidence, pairs = [], [], []
    for part in range(FOLDS):
        held = examples.rows(fold == part)
        if not held.words:
            continue
        answers = CellModel(examples.rows(fold != part)).predict(held.words)
        right.append(np.array(answers.hs4) == np.array(held.hs4))
        confidence.append(answers.confidence)
        pairs += list(zip(held.hs4, answers.hs4, strict=True))
    return HeldOut(np.concatenate(right), np.concatenate(confidence), pairs)


def report(held: HeldOut, least: float, examples: Examples) -> None:
    """Print accuracy and coverage, overall and by confidence."""
    sure = held.confidence >= least
    commonest = Counter(examples.hs4).most_common(1)[0][1] / max(len(examples.hs4), 1)
    print(f"held-out suppliers, {len(held.right):,} texts: {held.right.mean():.1%} right")
    print(f"always the commonest heading: {commonest:.1%} right")
    print(
        f"at confidence {least:.2f} and above: {held.right[sure].mean():.1%} right, {sure.mean():.1%} of texts assigned"
    )
    for low, high in itertools.pairwise(BANDS):
        inside = (held.confidence >= low) & (held.confidence < high)
        if inside.any():
            right, part = held.right[inside].mean(), inside.mean()
            print(f"  {low:.2f} to {min(high, 1):.2f}   {right:6.1%} right   {part:6.1%} of texts")
    wrong = Counter(pair for pair, is_right in zip(held.pairs, held.right, strict=True) if not is_right)
    for (true, predicted), count in wrong.most_common(CONFUSED_SHOWN):
        print(f"  {true} predicted as {predicted or 'nothing'}: {count}")


def explain(model: CellModel, words: str) -> None:
    """Print what speaks for the heading of a text."""
    try:
        first, second, reasons = model.explain(words)
    except ValueError as error:
        print(f"  {words}: {error}")
        return
    weights = ", ".join(f"{reason.word} {reason.weight:+.1f}" for reason in reasons)
    (confidence,) = model.predict([words]).confidence
    print(f"  {words}: {first} rather than {second}, confidence {confidence:.2f}: {weights}")


if __name__ == "__main__":
    main()
