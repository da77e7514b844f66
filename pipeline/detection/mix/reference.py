"""How unusual a mix score is: its rank among the same scores of all suppliers at past weeks (placebo in time).

Scores are freed of the location and scale that volume, lumpiness, concentration and the supplier's own past explain,
ranked among those of past weeks, continued beyond the largest by a generalised Pareto tail, and joined over windows
by Cauchy's combination (Liu and Xie 2020), whose sum is ranked once more among its own past. Supplier-weeks that
would have raised an alert themselves are no reference.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from pipeline.detection.activity import Bools, Floats, Reals

TAIL: Final = 0.005
"""Beyond this part of the reference the tail is fitted."""
LEAST_EXCEEDING: Final = 50
"""A tail fitted to fewer is no better than the rank."""
WIDEST_TAIL: Final = 0.1
SMALLEST: Final = 1e-3
EXTREME: Final = 3.0
"""Standard deviations beyond which a feature explains nothing more."""
RIDGE: Final = 1e-3
LEAST_P: Final = 1e-6
"""Of one score before scores are joined. From 1e-5 down it makes no difference; 1e-4 hides what many tests need."""
MOST_SHAPE: Final = 0.5
"""Shapes beyond that come from a handful of outliers; those below 0 would give a largest possible score."""


def standardised(scores: Reals, features: Reals, reference: Bools) -> Floats:
    """Scores, free of what the features explain of location and scale.

    Args:
        scores: (rows,).
        features: (features, rows), the first one constant.
        reference: rows to learn from.
    """
    value = scores.astype(np.float64)
    design = _design(features)
    rest = value - design @ _fit(design[reference], value[reference])
    size = np.log(np.maximum(np.abs(rest), SMALLEST))
    scale = design @ _fit(design[reference], size[reference])
    return np.asarray(rest / np.exp(np.clip(scale - scale[reference].mean(), -1, 1)))


def _design(features: Reals) -> Floats:
    """Features scaled, cut off where they are extreme, and their squares."""
    columns = features.astype(np.float64)
    middle, spread = columns.mean(axis=1, keepdims=True), columns.std(axis=1, keepdims=True)
    scaled = np.clip((columns - middle) / np.where(spread > 0, spread, 1), -EXTREME, EXTREME)
    scaled[0] = 1
    return np.concatenate([scaled, scaled[1:] ** 2]).T


def _fit(design: Floats, value: Floats) -> Floats:
    return np.asarray(np.linalg.solve(design.T @ design + RIDGE * np.eye(design.shape[1]), design.T @ value))


def upper_p(value: Floats, reference: Floats) -> Floats:
    """Part of the reference at or above a value, never 0; beyond its tail by a generalised Pareto fit.

    Source: Pickands 1975; moments of Hosking and Wallis 1987 (probability-weighted).
    """
    ordered = np.sort(reference)
    n = len(ordered)
    if not n:
        return np.ones(len(value))
    p = (n - np.searchsorted(ordered, value, side="left") + 1) / (n + 1)
    part = min(max(TAIL, LEAST_EXCEEDING / n), WIDEST_TAIL)
    exceeding = int(part * n)
    if exceeding < LEAST_EXCEEDING / 2:
        return p
    line = ordered[n - exceeding - 1]
    excess = ordered[n - exceeding :] - line
    rank = (np.arange(1, exceeding + 1) - 0.35) / exceeding
    first, second = excess.mean(), float(np.mean((1 - rank) * excess))
    if first <= 2 * second:
        return p
    shape = float(np.clip(2 - first / (first - 2 * second), 0, MOST_SHAPE))
    scale = first * (1 - shape)
    beyond = value > line
    over = (value[beyond] - line) / scale
    tail = np.exp(-over) if abs(shape) < 1e-6 else np.maximum(1 + shape * over, 1e-12) ** (-1 / shape)
    p[beyond] = exceeding / n * np.maximum(tail, 1e-12)
    return p


def joined(p: Floats) -> Floats:
    """Cauchy's combination of p-values (tests, rows), missing ones left out: -log of it, so that its tail is light."""
    there = np.isfinite(p)
    safe = np.clip(np.where(there, p, 0.5), LEAST_P, 1 - LEAST_P)
    mean = np.where(there, np.tan((0.5 - safe) * np.pi), 0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)
    return np.asarray(-np.log(0.5 - np.arctan(mean) / np.pi))


def q_values(p: Floats) -> Floats:
    """Benjamini and Hochberg's adjusted p-values."""
    order = np.argsort(p)
    n = len(p)
    adjusted = np.minimum.accumulate((p[order] * n / np.arange(1, n + 1))[::-1])[::-1]
    out = np.empty(n)
    out[order] = np.minimum(adjusted, 1)
    return out
