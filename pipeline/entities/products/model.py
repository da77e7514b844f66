"""A linear model of headings by the words of a text, and the confidence in it.

Naive Bayes on words (multinomial, scikit-learn): one pass over the examples, no chance in it, and each word adds its
own part to a heading, so that every answer can be explained by its words. Its own probabilities are far too sure of
themselves, since words of a text come together; so confidence is measured: suppliers are held out by turns, and the
lead of the first heading over the second is translated into how often such a lead was right there (isotonic).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import md5
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import CountVectorizer  # type: ignore[import-untyped]
from sklearn.isotonic import IsotonicRegression  # type: ignore[import-untyped]
from sklearn.naive_bayes import MultinomialNB  # type: ignore[import-untyped]

from pipeline.entities.products.texts import Examples

Floats = npt.NDArray[np.float64]

FOLDS: Final = 5
"""Parts into which suppliers are dealt to measure confidence."""
SMOOTHING: Final = 0.05
"""Added to the count of each word and heading, as a word may well be missing among few texts."""
AT_ONCE: Final = 4_000
"""Texts whose scores for all headings are held in memory: 40 MB with 1,200 headings."""


@dataclass(frozen=True)
class Answers:
    """Headings predicted for texts, one entry each.

    Attributes:
        hs4: likeliest heading; empty where the text has no known word.
        lead: of it over the second, in natural logarithms; minus infinity where nothing is known.
        confidence: how often such a lead was right for suppliers that the model had not seen; 0 where nothing is known.
    """

    hs4: list[str]
    lead: Floats
    confidence: Floats


@dataclass(frozen=True)
class Reason:
    """A word of a text and by how much it speaks for one heading against another, in natural logarithms."""

    word: str
    weight: float


class Linear:
    """Scores of headings that add up from words.

    Attributes:
        vectors: words to columns.
        headings: all of them, in order.
        weights: of each word (row) for each heading (column), natural logarithms.
        priors: of each heading without any word.
    """

    def __init__(self, examples: Examples) -> None:
        """Count the words of each heading."""
        self.vectors = CountVectorizer(binary=True, lowercase=False, analyzer=str.split)
        words = self.vectors.fit_transform(examples.words)
        headings, heading = np.unique(np.array(examples.hs4), return_inverse=True)
        self.headings = [str(name) for name in headings]
        # one row a heading: a table of all texts by all headings would not fit into memory
        of_heading = csr_matrix((np.ones(len(heading)), (heading, np.arange(len(heading)))))
        texts = np.bincount(heading)
        bayes = MultinomialNB(alpha=SMOOTHING, class_prior=texts / texts.sum())
        bayes.fit(of_heading @ words, self.headings)
        self.weights = np.ascontiguousarray(bayes.feature_log_prob_.T, dtype=np.float32)
        self.priors = bayes.class_log_prior_.astype(np.float32)

    def predict(self, words: Sequence[str]) -> tuple[list[str], Floats]:
        """Return likeliest heading and lead of each text, as in `Answers`."""
        headings: list[str] = []
        lead = np.full(len(words), -np.inf)
        for first in range(0, len(words), AT_ONCE):
            counts = self.vectors.transform(words[first : first + AT_ONCE]).astype(np.float32)
            scores = counts @ self.weights + self.priors
            best = np.argmax(scores, axis=1)
            row = np.arange(len(best))
            highest = scores[row, best]
            scores[row, best] = -np.inf
            known = np.diff(counts.indptr) > 0
            lead[first + row] = np.where(known, np.round(highest - scores.max(axis=1), 4), -np.inf)
            headings += [self.headings[at] if is_known else "" for at, is_known in zip(best, known, strict=True)]
        return headings, lead


class CellModel:
    """Headings by words.

    Attributes:
        linear: the scores of headings.
        sureness: from a lead to confidence.
    """

    def __init__(self, examples: Examples) -> None:
        """Learn from `examples`.

        Raises:
            ValueError: there are fewer than two headings or fewer suppliers than folds.
        """
        if len(set(examples.hs4)) < 2 or len(set(examples.supplier)) < FOLDS:
            raise ValueError(f"a text model needs two headings and {FOLDS} suppliers to learn from")
        # no lead at all is right by chance only: shorter leads than any that was seen are less sure, not as sure
        leads, right = [np.zeros(1)], [np.zeros(1, dtype=bool)]
        fold = np.array([fold_of(supplier) for supplier in examples.supplier])
        for part in range(FOLDS):
            held = examples.rows(fold == part)
            seen = examples.rows(fold != part)
            if not held.words or len(set(seen.hs4)) < 2:
                continue
            headings, lead = Linear(seen).predict(held.words)
            known = np.isfinite(lead)
            leads.append(lead[known])
            right.append((np.array(headings) == np.array(held.hs4))[known])
        self.sureness = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip")
        self.sureness.fit(np.concatenate(leads), np.concatenate(right).astype(np.float64))
        self.linear = Linear(examples)

    def predict(self, words: Sequence[str]) -> Answers:
        """The likeliest heading of each text (words joined by blanks) and how sure it is."""
        headings, lead = self.linear.predict(words)
        confidence = np.zeros(len(headings))
        known = np.isfinite(lead)
        if known.any():
            confidence[known] = np.round(self.sureness.predict(lead[known]), 4)
        return Answers(headings, lead, confidence)

    def explain(self, words: str, most: int = 5) -> tuple[str, str, list[Reason]]:
        """Return the likeliest heading, the second one, and the words that speak most for the first against the second.

        Raises:
            ValueError: the text has no word that the model knows.
        """
        linear = self.linear
        counts = linear.vectors.transform([words])
        if counts.nnz == 0:
            raise ValueError("no word of this text is known")
        first, second = np.argsort(-(counts @ linear.weights + linear.priors)[0], kind="stable")[:2]
        names = linear.vectors.get_feature_names_out()
        weights = linear.weights[:, first] - linear.weights[:, second]
        reasons = [Reason(str(names[column]), float(weights[column])) for column in counts.indices]
        reasons.sort(key=lambda reason: (-reason.weight, reason.word))
        return linear.headings[first], linear.headings[second], reasons[:most]

    @property
    def words(self) -> list[str]:
        """All words of the model."""
        return [str(word) for word in self.linear.vectors.get_feature_names_out()]


def fold_of(supplier: str) -> int:
    """The part that a supplier is dealt to, which follows from its id alone."""
    return int(md5(supplier.encode(), usedforsecurity=False).hexdigest()[:8], 16) % FOLDS
