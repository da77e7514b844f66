"""How likely each heading is by the words of a cargo text, learned from codes that may be wrong.

Naive Bayes on words (multinomial, scikit-learn) beside the names of the Harmonised System. Words of a text come
together, so the sum of their weights is tempered; by how much, and how much the names count, is chosen by the
likelihood of the codes of suppliers that were held out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import md5
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import CountVectorizer  # type: ignore[import-untyped]
from sklearn.naive_bayes import MultinomialNB  # type: ignore[import-untyped]

from pipeline.entities.products.headings import name_weights

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

FOLDS: Final = 5
"""Parts into which suppliers are dealt, so that a text is judged by the texts of other suppliers."""
SMOOTHING: Final = 0.05
"""Added to the count of each word and heading, as a word may well be missing among few texts."""
AT_ONCE: Final = 4_000
"""Texts whose scores for all headings are held in memory: 40 MB with 1,200 headings."""
TEMPERS: Final = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
NAME_WEIGHTS: Final = (0.1, 0.25, 0.5, 1.0)
"""Values that are tried. Never 0: where all codes of one commodity are guesses, only the names know better."""
TUNED_ON: Final = 3_000
"""Texts of held-out suppliers that temper and weight of names are chosen by."""


@dataclass(frozen=True)
class Tuning:
    """How scores become likelihoods.

    Attributes:
        temper: factor of a text's score, over the square root of its number of known words.
        names: weight of the Harmonised System's own names.
    """

    temper: float = 1.0
    names: float = 0.25


class TextModel:
    """Likelihoods of headings by words.

    Attributes:
        headings: all of them, in order.
        tuning: how scores become likelihoods.
    """

    def __init__(
        self, words: Sequence[str], labels: Ints, weights: Floats, headings: Sequence[str], tuning: Tuning
    ) -> None:
        """Count the words of each heading.

        Args:
            words: a text each, words joined by blanks.
            labels: index of each text's heading.
            weights: how much each text counts.
            headings: of the labels.
            tuning: how scores become likelihoods.
        """
        self.headings, self.tuning = list(headings), tuning
        self._vectors = CountVectorizer(binary=True, lowercase=False, analyzer=str.split)
        counts = self._vectors.fit_transform(words)
        # one row a heading: a table of all texts by all headings would not fit into memory
        of_heading = csr_matrix((weights, (labels, np.arange(len(labels)))), shape=(len(headings), len(labels)))
        bayes = MultinomialNB(alpha=SMOOTHING, fit_prior=False)
        bayes.fit(of_heading @ counts, np.arange(len(headings)))
        self._learned = np.ascontiguousarray(bayes.feature_log_prob_.T, dtype=np.float32)
        self._named = name_weights(self.words, headings)

    @property
    def words(self) -> list[str]:
        """All words of the model."""
        return [str(word) for word in self._vectors.get_feature_names_out()]

    def likelihoods(self, words: Sequence[str]) -> tuple[Floats, Truths]:
        """Return the likelihood of texts (rows) under headings, the best one 1; and which texts have a known word."""
        learned, named, known = self.scores(words)
        return tempered(learned, named, known, self.tuning), known > 0

    def scores(self, words: Sequence[str]) -> tuple[Floats, Floats, Ints]:
        """Return the scores of texts (rows) by headings, those of the names, and the number of known words."""
        counts = self._vectors.transform(words).astype(np.float32)
        return counts @ self._learned, counts @ self._named, np.diff(counts.indptr)


def tempered(learned: Floats, named: Floats, known: Ints, tuning: Tuning) -> Floats:
    """Return likelihoods of scores, the best of each text 1."""
    scores = learned + tuning.names * named
    scores *= (tuning.temper / np.sqrt(np.maximum(known, 1)))[:, None]
    scores -= scores.max(axis=1, keepdims=True)
    return np.exp(scores, dtype=np.float64)


def tune(words: Sequence[str], labels: Ints, prior: Floats, fold: Ints, headings: Sequence[str]) -> Tuning:
    """Return the tuning under which the codes of the suppliers of one part are likeliest."""
    held = np.flatnonzero(fold == 0)[:TUNED_ON]
    seen = np.flatnonzero(fold != 0)
    if len(held) == 0 or len(set(labels[seen])) < 2:
        return Tuning()
    model = TextModel([words[int(row)] for row in seen], labels[seen], np.ones(len(seen)), headings, Tuning())
    learned, named, known = model.scores([words[int(row)] for row in held])
    best, chosen = -np.inf, Tuning()
    for tuning in (Tuning(temper, names) for temper, names in product(TEMPERS, NAME_WEIGHTS)):
        likely = tempered(learned, named, known, tuning) * prior
        right = likely[np.arange(len(held)), labels[held]] / likely.sum(axis=1)
        fit = float(np.log(np.maximum(right, 1e-6)).sum())
        if fit > best:
            best, chosen = fit, tuning
    return chosen


def fold_of(supplier: str) -> int:
    """The part that a supplier is dealt to, which follows from its id alone."""
    return int(md5(supplier.encode(), usedforsecurity=False).hexdigest()[:8], 16) % FOLDS
