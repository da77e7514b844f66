"""What texts and codes say about a product: learned from the bills that have a code, right or wrong.

The labels of the examples are their codes at first. Every text is judged by the texts of other suppliers; a code of a
heading whose codes seldom agree with that gives way, and so it is known which codes stand for which products
(after Dawid and Skene 1979: true labels and the confusion of an observer are learned together).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.entities.products.model import AT_ONCE, Floats, Ints, TextModel, Truths, Tuning, fold_of, tune
from pipeline.entities.products.texts import Examples
from pipeline.thresholds import constant

CODE_SOURCES: Final = ("declared", "parsed", "classified", "named")
ROUNDS: Final = 2
"""Rounds of labels and confusion after the first labels."""
SOURCE_STRENGTH: Final = 20.0
"""Texts that the expected reliability of a source counts for."""
HEADING_STRENGTH: Final = 5.0
"""Texts that the reliability of the source counts for in that of one heading."""
LEAST_OF_OTHERS: Final = 2
"""Texts of other suppliers with the code's heading, without which a code is not judged: where only one supplier ships a
product, the texts of others cannot say that its code is wrong."""
LEAST_SHARE: Final = 0.25
LEAST_LEAD: Final = 2.0
"""Probability by text alone, and its ratio to that of the code's heading, from which on it may replace a code before
the confusion is known: texts that fit many headings (PARTS, ARTICLES) stay below them."""
HEADINGS_NOT_SEEN: Final = 0.5
"""Texts that every heading counts for beside those seen."""


@dataclass(frozen=True)
class Evidence:
    """What products are judged by.

    Attributes:
        model: likelihoods of headings by words.
        prior: how often each heading occurs.
        confusion: by source, how often a product of a heading (row) has a code of a heading (column).
        elsewhere: by source, how often any other product has a code of a heading.
    """

    model: TextModel
    prior: Floats
    confusion: Mapping[str, Floats]
    elsewhere: Mapping[str, Floats]


@dataclass(frozen=True)
class Coded:
    """The examples as numbers, one entry each, and what they are judged with.

    Attributes:
        examples: themselves.
        headings: all headings, in order.
        code: index of the code's heading.
        source: index of the code's source.
        fold: part that its supplier is dealt to.
        recorded: different texts and suppliers by heading of the code.
    """

    examples: Examples
    headings: Sequence[str]
    code: Ints
    source: Ints
    fold: Ints
    recorded: Floats

    @staticmethod
    def of(examples: Examples) -> Coded:
        """Number the headings of `examples`."""
        headings, code = np.unique(np.array(examples.hs4), return_inverse=True)
        source = np.array([CODE_SOURCES.index(name) for name in examples.source], dtype=np.int64)
        fold = np.array([fold_of(supplier) for supplier in examples.supplier])
        recorded = np.bincount(code, np.array(examples.cases), len(headings)).astype(np.float64)
        return Coded(examples, [str(name) for name in headings], code, source, fold, recorded)


@dataclass(frozen=True)
class Judged:
    """What the texts of other suppliers say of each example: the likeliest heading, its share, that of the code."""

    best: Ints
    best_share: Floats
    code_share: Floats
    can_judge: Truths


def expected_reliability(source: str) -> float:
    """How often a code of this source is right, as long as nothing was learned."""
    return constant(f"code_reliability_{source}")


def learn(examples: Examples) -> Evidence:
    """Learn from `examples`.

    Raises:
        ValueError: there are fewer than two headings, or the suppliers are of one part only.
    """
    if len(set(examples.hs4)) < 2 or len({fold_of(supplier) for supplier in examples.supplier}) < 2:
        raise ValueError("a text model needs two headings and suppliers of two parts to learn from")
    coded = Coded.of(examples)
    weight = np.array([expected_reliability(name) for name in examples.source])
    prior = _shares(coded.recorded)
    tuning = tune(examples.words, coded.code, prior, coded.fold, coded.headings)
    judged = _judge(coded, coded.code, weight, prior, tuning, None)
    label, weight = _first_labels(coded, judged, weight)
    for _ in range(ROUNDS):
        confusion = _confusion(coded, label, judged.can_judge)
        prior = _shares(_moved(coded, label))
        tuning = tune(examples.words, label, prior, coded.fold, coded.headings)
        judged = _judge(coded, label, weight, prior, tuning, confusion)
        label = np.where(judged.can_judge, judged.best, coded.code)
        weight = np.where(judged.can_judge, judged.best_share, weight)
    confusion = _confusion(coded, label, judged.can_judge)
    return Evidence(
        TextModel(examples.words, label, weight, coded.headings, tuning),
        _shares(_moved(coded, label)),
        dict(zip(CODE_SOURCES, confusion, strict=True)),
        {name: _elsewhere(coded, label, judged.can_judge, at) for at, name in enumerate(CODE_SOURCES)},
    )


def _judge(
    coded: Coded, label: Ints, weight: Floats, prior: Floats, tuning: Tuning, confusion: Sequence[Floats] | None
) -> Judged:
    """Judge each example by the texts of the other parts' suppliers, and by its code where the confusion is known."""
    words, code, count = coded.examples.words, coded.code, len(coded.code)
    best, best_share, code_share = code.copy(), np.ones(count), np.ones(count)
    can_judge = np.zeros(count, dtype=bool)
    for part in np.unique(coded.fold):
        held, seen = np.flatnonzero(coded.fold == part), np.flatnonzero(coded.fold != part)
        of_others = np.bincount(code[seen], minlength=len(prior))
        model = TextModel([words[row] for row in seen], label[seen], weight[seen], coded.headings, tuning)
        for first in range(0, len(held), AT_ONCE):
            rows = held[first : first + AT_ONCE]
            likely, known = model.likelihoods([words[row] for row in rows])
            shares = likely * prior
            if confusion is not None:
                shares *= np.stack(
                    [confusion[of][:, at] for of, at in zip(coded.source[rows], code[rows], strict=True)]
                )
            shares /= shares.sum(axis=1, keepdims=True)
            best[rows], best_share[rows] = shares.argmax(axis=1), shares.max(axis=1)
            code_share[rows] = shares[np.arange(len(rows)), code[rows]]
            can_judge[rows] = known & (of_others[code[rows]] >= LEAST_OF_OTHERS)
    return Judged(best, best_share, code_share, can_judge)


def _first_labels(coded: Coded, judged: Judged, weight: Floats) -> tuple[Ints, Floats]:
    """The code of each example, or its text where codes of that heading and source seldom agree with the texts."""
    agrees = (judged.best == coded.code) & judged.can_judge
    right = np.zeros(len(coded.code))
    for at in range(len(CODE_SOURCES)):
        rows = (coded.source == at) & judged.can_judge
        overall = _reliability(agrees[rows], at)
        agreeing = np.bincount(coded.code[rows & agrees], minlength=len(coded.headings))
        every = np.bincount(coded.code[rows], minlength=len(coded.headings))
        reliability = (agreeing + HEADING_STRENGTH * overall) / (every + HEADING_STRENGTH)
        right = np.where(coded.source == at, reliability[coded.code], right)
    for_code, for_text = right * judged.code_share, (1 - right) * judged.best_share
    leads = judged.best_share >= np.maximum(LEAST_SHARE, LEAST_LEAD * judged.code_share)
    moves = judged.can_judge & ~agrees & leads & (for_text > for_code)
    return np.where(moves, judged.best, coded.code), np.where(moves, for_text / (for_text + for_code), weight)


def _reliability(is_right: Truths, source: int) -> float:
    """How often codes of a source are right, smoothed towards what is expected."""
    expected = expected_reliability(CODE_SOURCES[source])
    return float((is_right.sum() + SOURCE_STRENGTH * expected) / (len(is_right) + SOURCE_STRENGTH))


def _elsewhere(coded: Coded, label: Ints, can_judge: Truths, source: int) -> Floats:
    """How often a code of each heading stands on goods of another one: wrong codes fall as codes do in general."""
    wrong: Floats = _shares(coded.recorded)
    rows = (coded.source == source) & can_judge
    return wrong * (1 - _reliability(label[rows] == coded.code[rows], source))


def _confusion(coded: Coded, label: Ints, can_judge: Truths) -> list[Floats]:
    """By source, how often products of a heading (row) have codes of a heading (column)."""
    found = []
    count = len(coded.headings)
    for at in range(len(CODE_SOURCES)):
        rows = coded.source == at
        expected = np.tile(_elsewhere(coded, label, can_judge, at), (count, 1))
        judged = rows & can_judge
        np.fill_diagonal(expected, _reliability(label[judged] == coded.code[judged], at))
        seen = np.bincount(label[rows] * count + coded.code[rows], minlength=count * count).reshape(count, count)
        found.append((seen + HEADING_STRENGTH * expected) / (seen.sum(axis=1, keepdims=True) + HEADING_STRENGTH))
    return found


def _moved(coded: Coded, label: Ints) -> Floats:
    """Different texts by heading, where those of each code are spread as the labels of its examples."""
    examples = np.bincount(coded.code, minlength=len(coded.headings))
    spread = (coded.recorded / np.maximum(examples, 1))[coded.code]
    return np.bincount(label, spread, len(coded.headings)).astype(np.float64)


def _shares(counts: Floats) -> Floats:
    shares: Floats = (counts + HEADINGS_NOT_SEEN) / (counts.sum() + HEADINGS_NOT_SEEN * len(counts))
    return shares
