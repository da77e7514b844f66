"""How invented suppliers and customers behave by themselves: sizes, comings and goings, waves, seasons, orders."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.signal import lfilter

from bench.alerts.planted import SHIFTS

PHI: Final = 0.85
"""Of a customer's log activity from week to week."""
NOISE: Final = {"calm": 0.15, "medium": 0.3, "volatile": 0.5}
"""Largest standard deviation of a customer's log activity; each customer has its own, uniform up to it."""
DRIFT: Final = 0.05
"""Largest standard deviation of the weekly step of a customer's log rate in a drifting world: a third of a year's
log rate, on top of the activity's own waves."""
STAY: Final = 104
VACANT: Final = 8
"""Weeks until another small customer comes."""
STRAY: Final = 0.02
"""At most so much of a customer's bills bear a stray spelling."""


def customers(rng: np.random.Generator, volume: np.ndarray, many: np.ndarray) -> tuple[np.ndarray, ...]:
    """Supplier, bills a week and rank per pair: shares as Zipf's law, its exponent between 0.8 and 1.2."""
    supplier = np.repeat(np.arange(len(volume)), many)
    rank = np.arange(len(supplier)) - np.repeat(np.cumsum(many) - many, many)
    weight = (rank + 1.0) ** -np.repeat(rng.uniform(0.8, 1.2, len(volume)), many)
    rate = volume[supplier] * weight / np.bincount(supplier, weight)[supplier]
    return supplier, rate, rank


def shifts(rng: np.random.Generator, n: int, part: float, low: int, high: int) -> tuple[np.ndarray, np.ndarray]:
    """Kind of change (-1: none) and its week per supplier."""
    kind = np.where(rng.random(n) < part, rng.integers(0, len(SHIFTS), n), -1)
    return kind, np.where(kind >= 0, rng.integers(low, high, n), -1)


def churn(
    rng: np.random.Generator,
    supplier: np.ndarray,
    rate: np.ndarray,
    rank: np.ndarray,
    tail: np.ndarray,
    weeks: int,
) -> tuple[np.ndarray, ...]:
    """Small customers end after a while; some weeks later another comes, of another size: each place becomes pairs."""
    most = int(np.ceil(4 * weeks / STAY)) + 2
    stays = np.ceil(rng.exponential(STAY, (len(rate), most)))
    gaps = np.ceil(rng.exponential(VACANT, (len(rate), most)))
    stays[~tail, 0] = weeks
    ends = np.cumsum(stays + gaps, axis=1) - gaps
    starts = ends - stays
    size = np.exp(rng.normal(0, 0.4, (len(rate), most)))
    size[:, 0] = 1
    place, turn = np.nonzero(starts < weeks)
    again = np.where(turn > 0, 1000 + turn, 0)
    last = np.minimum(ends[place, turn], weeks).astype(np.int64)
    return supplier[place], rate[place] * size[place, turn], rank[place] + again, starts[place, turn].astype(int), last


def span(expected: np.ndarray, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First week of trade and the week after the last, planted changes included."""
    trades = expected > 0
    any_ = trades.any(axis=1)
    first = np.where(any_, trades.argmax(axis=1), start)
    last = np.where(any_, expected.shape[1] - trades[:, ::-1].argmax(axis=1), end)
    return first, last


def waves(rng: np.random.Generator, noise: str, drifting: bool, pairs: int, weeks: int) -> np.ndarray:
    """A customer's own activity, mean 1: AR(1) of the logarithm, and in a drifting world a random walk."""
    sd = rng.uniform(0, NOISE[noise], pairs).astype(np.float32)[:, None]
    draws = rng.standard_normal((pairs, weeks), dtype=np.float32)
    draws[:, 1:] *= np.sqrt(1 - PHI**2)
    log = sd * lfilter([1.0], [1.0, -PHI], draws, axis=1).astype(np.float32) - sd**2 / 2
    if drifting:
        step = rng.uniform(0, DRIFT, pairs).astype(np.float32)[:, None]
        log += step * np.cumsum(rng.standard_normal((pairs, weeks), dtype=np.float32), axis=1)
    return np.exp(log)


def season(rng: np.random.Generator, n: int, weeks: int) -> np.ndarray:
    """Per supplier and week: a wave of the year, and a stop of two to four weeks at 45 % of them around week 6."""
    ticks = np.arange(weeks)
    height, turn = rng.uniform(0, 0.4, n)[:, None], rng.uniform(0, 2 * np.pi, n)[:, None]
    season = np.exp(height * np.sin(2 * np.pi * ticks / 52 + turn)).astype(np.float32)
    stops = rng.random(n) < 0.45
    long = rng.integers(2, 5, n)[:, None]
    new_year = 6 + np.array([0, 2, -1, 1, 0])[np.minimum(ticks // 52, 4)]
    into = ticks % 52 - new_year
    season[stops[:, None] & (into >= 0) & (into < long)] = 0
    return season


def orders(
    rng: np.random.Generator, mean_burst: float | None, supplier: np.ndarray, mean: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of bills by week and pair: a Poisson number of orders, each of one bill and a Poisson number more.

    The last pairs, one a supplier, take the bills with a stray spelling.
    """
    n = int(supplier.max()) + 1
    burst = np.where(rng.random(n) < 0.12, 5.0, 1.8) if mean_burst is None else np.full(n, mean_burst)
    burst = burst.astype(np.float32)[supplier]
    orders = rng.poisson(mean / burst[:, None]).T
    week, pair = np.nonzero(orders)
    count = orders[week, pair]
    bills = count + rng.poisson(count * (burst[pair] - 1))
    stray = rng.binomial(bills, rng.uniform(0, STRAY, n)[supplier[pair]])
    strays = np.bincount(week * n + supplier[pair], stray, minlength=mean.shape[1] * n).astype(np.int64)
    there = np.flatnonzero(strays)
    pair = np.concatenate([pair, len(supplier) - n + there % n])
    week = np.concatenate([week, there // n])
    bills = np.concatenate([bills - stray, strays[there]])
    order = np.argsort(week * len(supplier) + pair, kind="stable")
    order = order[bills[order] > 0]
    return pair[order], week[order], bills[order]


def even_orders(
    rng: np.random.Generator, mean_burst: float | None, supplier: np.ndarray, mean: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of bills by week and pair: one bill whenever the expected number grew by one, give or take a third."""
    del mean_burst, supplier
    pairs, weeks = mean.shape
    due = np.cumsum(mean, axis=1, dtype=np.float64)
    many = np.ceil(due[:, -1]).astype(np.int64) + 1
    pair = np.repeat(np.arange(pairs), many)
    number = np.arange(len(pair)) - np.repeat(np.cumsum(many) - many, many)
    # A customer without trade has none by jitter: before it came nothing was due, after it left nothing more is.
    at = np.maximum(number + rng.random(pairs)[pair] + rng.normal(0, 0.3, len(pair)), 1e-9)
    apart = float(due.max(initial=0)) + 3
    week = np.searchsorted((due + apart * np.arange(pairs)[:, None]).ravel(), at + apart * pair) - pair * weeks
    there = week < weeks
    bills = np.bincount(week[there] * pairs + pair[there], minlength=weeks * pairs)
    rows = np.flatnonzero(bills)
    return rows % pairs, rows // pairs, bills[rows]
