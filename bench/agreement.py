"""How well a grouping, or a score of pairs, agrees with the truth.

Pairwise measures count pairs of items that stand together; B-cubed (Bagga and Baldwin 1998) averages over items, so
that a large firm does not outweigh all others. Both are counted from the sizes of (true group, found group), never pair
by pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Labels = npt.NDArray[Any]
"""One label an item; equal labels stand together."""


@dataclass(frozen=True)
class Agreement:
    """Precision and recall, 0..1; 1 where nothing was claimed, or nothing was there to be found."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def __str__(self) -> str:
        """As tables show it."""
        return f"P {self.precision:.4f}  R {self.recall:.4f}  F1 {self.f1:.4f}"


def pairwise(true: Labels, found: Labels) -> Agreement:
    """Agreement on which pairs of items stand together."""
    cells, of_true, of_found = _sizes(true, found)
    both = _pairs(cells)
    return Agreement(_share(both, _pairs(of_found)), _share(both, _pairs(of_true)))


def b_cubed(true: Labels, found: Labels) -> Agreement:
    """Mean over items of the share of their found group that is theirs, and of their true group that was found."""
    if not len(true):
        return Agreement(1.0, 1.0)
    (_, true_at), (_, found_at) = (np.unique(labels, return_inverse=True) for labels in (true, found))
    cell, size = np.unique(true_at.astype(np.int64) << 32 | found_at, return_counts=True)
    of_true, of_found = np.bincount(true_at)[cell >> 32], np.bincount(found_at)[cell & 0xFFFFFFFF]
    shared = size.astype(np.float64) ** 2
    return Agreement(float((shared / of_found).sum() / len(true)), float((shared / of_true).sum() / len(true)))


def within(blocks: Labels, true: Labels, found: Labels) -> Agreement:
    """Pairwise agreement on the pairs of one block only, such as the firms of one group."""
    _, block = np.unique(blocks, return_inverse=True)

    def inside(labels: Labels) -> Labels:
        _, at = np.unique(labels, return_inverse=True)
        return block.astype(np.int64) << 32 | at

    return pairwise(inside(true), inside(found))


def average_precision(match: Labels, score: Labels) -> float:
    """Mean precision over the matching pairs, best score first; pairs of one score count together."""
    precision, recall, _ = _curve(match, score)
    return float((precision * np.diff(recall, prepend=0.0)).sum())


def best_f1(match: Labels, score: Labels) -> tuple[float, float]:
    """The best F1 that any line reaches, and that line."""
    precision, recall, line = _curve(match, score)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    at = int(np.argmax(f1))
    return float(f1[at]), float(line[at])


def at_line(match: Labels, score: Labels, line: float) -> Agreement:
    """Agreement where pairs from `line` on are called the same."""
    called, match = np.asarray(score) >= line, np.asarray(match, dtype=bool)
    right = int((called & match).sum())
    return Agreement(_share(right, int(called.sum())), _share(right, int(match.sum())))


def _curve(match: Labels, score: Labels) -> tuple[Labels, Labels, Labels]:
    """Precision and recall at each score, the highest first, and these scores."""
    order = np.argsort(-np.asarray(score, dtype=np.float64), kind="stable")
    score, match = np.asarray(score, dtype=np.float64)[order], np.asarray(match, dtype=bool)[order]
    right = np.cumsum(match)
    last = np.flatnonzero(np.diff(score, append=-np.inf))
    return right[last] / (last + 1), right[last] / max(int(match.sum()), 1), score[last]


def counted_pairs(*labels: Labels) -> int:
    """Pairs of items that stand together by all of the labels."""
    rows = np.column_stack(labels)
    return _pairs(np.unique(rows, axis=0, return_counts=True)[1])


def _sizes(true: Labels, found: Labels) -> tuple[Labels, Labels, Labels]:
    (_, true_at), (_, found_at) = (np.unique(labels, return_inverse=True) for labels in (true, found))
    _, cells = np.unique(true_at.astype(np.int64) << 32 | found_at, return_counts=True)
    return cells, np.bincount(true_at), np.bincount(found_at)


def _pairs(sizes: Labels) -> int:
    sizes = sizes.astype(np.int64)
    return int((sizes * (sizes - 1) // 2).sum())


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
