"""How unlikely so long a gap is for a customer: by its own gaps, and by how those of all customers scatter.

Gaps of one customer are taken as gamma with its own mean and regularity, and its mean as one that wanders by itself, so
that the chance of a gap is an F distribution. Regularity is drawn towards that of all customers; how far a mean wanders
is fitted to gaps of the past that ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import chdtri, fdtrc  # type: ignore[import-untyped]

from pipeline.detection.activity import Floats, Ints, Reals

PRIOR_GAPS: Final = 100.0
"""Gaps that the regularity of all customers counts for against a customer's own: of 10, 30, 60, 100, 150 from 60 on
losses are found best among bursts and among even intervals, as twenty gaps say little of their scatter."""
PRIOR_EVEN: Final = 10.0
"""The same where its gaps are so even that chance hardly makes them: a liner customer among bursty ones."""
EVEN_CHANCE: Final = 0.001
EVEN: Final = 0.25
"""Variance that a gap in whole weeks has by rounding."""
REGULAR: Final = (0.4, 6.0)
"""Least and most regularity: of bursts, and of a liner service."""
STEADY: Final = (0.05, 0.1, 0.2, 0.4, 0.7, 1.0)
"""Parts of a customer's gaps that count as independent, to choose from."""
LEAST_SAMPLE: Final = 500
"""Gaps under which the usual part stands."""
USUAL_STEADY: Final = 0.7
LARGEST: Final = 700.0
"""Of -log of a chance: smaller ones are no numbers."""


@dataclass(frozen=True)
class Gaps:
    """Gaps of customers in the year before some weeks, one entry each.

    Attributes:
        count: how many there were.
        total: weeks of them that count.
        squares: sum of their squares.
        next: weeks without a bill that count, of the gap that follows.
    """

    count: Reals
    total: Reals
    squares: Reals
    next: Reals

    def take(self, rows: Ints) -> Gaps:
        """Some of them."""
        return Gaps(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Rhythm:
    """What to expect of gaps.

    Attributes:
        rate: per silent week, in units of the mean gap.
        regular: shape of the gamma.
        known: independent gaps behind the mean.
    """

    rate: Floats
    regular: Floats
    known: Floats

    def unlikely(self, weeks: Reals) -> Floats:
        """-log of the chance of at least so many weeks without a bill."""
        d1, d2 = 2 * self.regular, 2 * self.regular * self.known
        chance = fdtrc(d1, d2, np.maximum(weeks, 0) * self.rate)
        return np.asarray(np.minimum(-np.log(np.maximum(chance, np.exp(-LARGEST))), LARGEST))


@dataclass(frozen=True)
class Pool:
    """What all customers have in common.

    Attributes:
        scatter: variance of their gaps by that of random ones of the same mean.
        steady: part of a customer's gaps that count as independent.
    """

    scatter: float
    steady: float

    def rhythm(self, gaps: Gaps) -> Rhythm:
        """Rhythm of customers with these gaps."""
        chance = np.clip((gaps.count + 0.5) / (gaps.total + 1), 1e-6, 1 - 1e-6).astype(np.float64)
        scatter = _scatter(gaps)
        even = gaps.count * scatter / self.scatter < chdtri(np.maximum(gaps.count, 1), 1 - EVEN_CHANCE)
        prior = np.where(even, PRIOR_EVEN, PRIOR_GAPS)
        own = (gaps.count * scatter + prior * self.scatter) / (gaps.count + prior)
        return Rhythm(-np.log1p(-chance), np.clip(1 / own, *REGULAR), np.maximum(self.steady * gaps.count, 0.5))


def pool(sample: Gaps) -> Pool:
    """Learn it from gaps that ended."""
    if len(sample.count) < LEAST_SAMPLE:
        return Pool(1.0, USUAL_STEADY)
    scatter = float(np.average(_scatter(sample), weights=sample.count))
    likely = []
    for steady in STEADY:
        rhythm = Pool(scatter, steady).rhythm(sample)
        begin, end = (np.exp(-rhythm.unlikely(sample.next + more)) for more in (0, 1))
        likely.append(float(np.log(np.maximum(begin - end, 1e-12)).sum()))
    return Pool(scatter, STEADY[int(np.argmax(likely))])


def _scatter(gaps: Gaps) -> Floats:
    count = np.maximum(gaps.count, 1)
    mean = gaps.total / count
    variance = np.maximum(gaps.squares / count - mean**2, 0) * count / np.maximum(count - 1, 1)
    return np.asarray((variance + EVEN) / (np.maximum(mean**2 - mean, 0) + EVEN))
