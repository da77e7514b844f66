"""An invented world of suppliers and their customers' bills, week by week, with the truth about each.

Customers order in bursts (compound Poisson), their activity is serially correlated (AR(1) of its logarithm), small
ones come and go, suppliers have seasons and stop over the Chinese New Year, some bills bear no name or a stray one,
the newest weeks are not complete yet, some customers are renamed, and in some worlds every mix drifts.

Belongs here: what happens, and what of it is known at a week. Does not belong here: planted changes (`planted`),
how alerts are judged (`judge`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from scipy.signal import lfilter

from bench.alerts.planted import SHIFTS, Concerned, plant

HISTORY: Final = 130
LOOKS: Final = 26
FIRST_WEEK: Final = 2800
"""A Monday of 2023; the invented weeks begin there."""
PHI: Final = 0.85
"""Of a customer's log activity from week to week."""
NOISE: Final = {"calm": 0.15, "medium": 0.3, "volatile": 0.5}
"""Largest standard deviation of a customer's log activity; each customer has its own, uniform up to it."""
DRIFT: Final = 0.05
"""Largest standard deviation of the weekly step of a customer's log rate in a drifting world: a third of a year's
log rate, on top of the activity's own waves."""
TAIL: Final = 0.05
"""Customers under this share come and go, each staying two years on average."""
STAY: Final = 104
VACANT: Final = 8
"""Weeks until another small customer comes."""
FORGETTING: Final = (0.97, 0.995)
"""Part of the bills of the newest closed week and the one before that are known at the cut-off."""
STRAY: Final = 0.02
"""At most so much of a customer's bills bear a stray spelling."""


@dataclass(frozen=True)
class Setting:
    """What kind of world.

    Attributes:
        seed: of all draws.
        suppliers: how many.
        median: bills of a supplier in 8 weeks, the median.
        spread: standard deviation of its logarithm.
        noise: a key of NOISE.
        burst: mean bills an order; None: 1.8, and 5 at every eighth supplier.
        shifted: part of the suppliers with a planted change within the first half of the looks.
        past_shifted: part with one in the two years before, which spoils the reference.
        renamed: part of which a customer is renamed within the looks; for half of them the names are alike.
        drifting: whether all mixes drift.
    """

    seed: int
    suppliers: int = 3000
    median: float = 57
    spread: float = 0.8
    noise: str = "medium"
    burst: float | None = None
    shifted: float = 0.04
    past_shifted: float = 0.0
    renamed: float = 0.0
    drifting: bool = False


@dataclass(frozen=True)
class World:
    """What happens, and the truth about it; pairs and suppliers are numbered from 0.

    Attributes:
        setting: what was asked for.
        supplier: per pair.
        named: per pair, whether its customer has a name.
        expected: per pair and week, bills to be expected net of waves, (pairs, weeks), float32.
        start: per pair, its first week of trade.
        end: per pair, the week after its last.
        kind: per supplier, a place in SHIFTS; -1 where nothing is planted within the looks.
        at: per supplier, the week of its change; -1.
        concerned: per pair, whether the change planted at its supplier is its own.
        renamed_to: per pair, the pair that goes on under another name; -1.
        alike: per pair, whether its two names are known to be alike.
        pair: per row of activity, its pair.
        week: per row, 0 is the first.
        bills: per row.
    """

    setting: Setting
    supplier: np.ndarray
    named: np.ndarray
    expected: np.ndarray
    start: np.ndarray
    end: np.ndarray
    kind: np.ndarray
    at: np.ndarray
    concerned: np.ndarray
    renamed_to: np.ndarray
    alike: np.ndarray
    pair: np.ndarray
    week: np.ndarray
    bills: np.ndarray

    @property
    def weeks(self) -> int:
        """How many weeks there are."""
        return int(self.expected.shape[1])

    def known(self, look: int, *, history: int = HISTORY) -> pa.Table:
        """`week_activity` as known at the cut-off of week `look`: the newest weeks lack some bills."""
        first, last = np.searchsorted(self.week, [look - history + 1, look + 1])
        week, pair, bills = self.week[first:last], self.pair[first:last], self.bills[first:last].copy()
        rng = np.random.default_rng([self.setting.seed, look])
        for back, part in enumerate(FORGETTING):
            rows = slice(*np.searchsorted(week, [look - back, look - back + 1]))
            bills[rows] = rng.binomial(bills[rows], part)
        there = bills > 0
        pair = pair[there]
        return pa.table(
            {
                "supplier_key": pa.array(self.supplier[pair].astype(np.int64)),
                "consignee_key": pa.array(pair.astype(np.int64), mask=~self.named[pair]),
                "week_number": pa.array((week[there] + FIRST_WEEK).astype(np.int32)),
                "bills": pa.array(bills[there].astype(np.int32)),
                "market_index": pa.array(np.ones(int(there.sum()))),
            }
        )

    def likely_same(self) -> pa.Table:
        """Pairs of names that are known to be alike."""
        old = np.flatnonzero(self.alike)
        return pa.table({"consignee_key": pa.array(old), "other_key": pa.array(self.renamed_to[old])})


def make(setting: Setting, *, weeks: int = HISTORY + LOOKS) -> World:
    """Draw a world: the looks are its last 26 weeks.

    Memory: some 20 bytes x pairs x weeks while it is drawn; a supplier has eight pairs on average.
    """
    rng = np.random.default_rng(setting.seed)
    n = setting.suppliers
    looks = weeks - LOOKS
    volume = setting.median / 8 * np.exp(setting.spread * rng.standard_normal(n))
    customers = rng.integers(2, 11, n)
    supplier, rate, rank = _customers(rng, volume, customers)
    kind, at = _shifts(rng, n, setting.shifted, looks, looks + LOOKS // 2)
    old_kind, old_at = _shifts(rng, n, setting.past_shifted, 13, looks)
    old_kind[kind >= 0] = -1
    told_kind, told_at = np.where(kind >= 0, kind, old_kind), np.where(kind >= 0, at, old_at)

    tail = (rate < TAIL * volume[supplier]) & (rank > 0)
    supplier, rate, rank, start, end = _churn(rng, supplier, rate, rank, tail, weeks)
    own = len(rate)
    hidden = np.arange(n)
    # Beside its customers a supplier has bills without a name, a customer that may come, and stray spellings.
    supplier = np.concatenate([supplier, hidden, hidden, hidden])
    rate = np.concatenate([rate, volume * rng.uniform(0, 0.25, n), np.zeros(2 * n)])
    start = np.concatenate([start, np.zeros(3 * n, dtype=np.int64)])
    end = np.concatenate([end, np.full(3 * n, weeks)])
    top, second = (np.full(n, -1) for _ in range(2))
    for place, where in ((0, top), (1, second)):
        found = np.flatnonzero(rank == place)
        where[supplier[found]] = found
    start[second[told_kind >= 0]], end[second[told_kind >= 0]] = 0, weeks
    changed = np.flatnonzero(told_kind >= 0)
    planted = Concerned(
        told_kind[changed], told_at[changed], top[changed], second[changed], own + n + changed, own + changed
    )
    rate, factor = plant(rate, supplier, planted, weeks)
    named = np.ones(len(rate), dtype=bool)
    named[own : own + n] = False
    concerned = np.zeros(len(rate), dtype=bool)
    news = np.flatnonzero(kind >= 0)
    concerned[np.concatenate([top[news], own + news, own + n + news])] = True
    concerned[second[np.flatnonzero(kind == SHIFTS.index("swap"))]] = True

    renamed = np.flatnonzero((told_kind < 0) & (rng.random(n) < setting.renamed))
    fresh = own + n + renamed
    named_at = rng.integers(looks, looks + LOOKS // 2, len(renamed))
    rate[fresh] = rate[top[renamed]]
    start[fresh], end[top[renamed]] = named_at, named_at
    renamed_to = np.full(len(rate), -1)
    renamed_to[top[renamed]] = fresh
    alike = np.zeros(len(rate), dtype=bool)
    alike[top[renamed]] = rng.random(len(renamed)) < 0.5

    ticks = np.arange(weeks)
    factor *= (ticks >= start[:, None]) & (ticks < end[:, None])
    expected = (rate[:, None] * factor).astype(np.float32)
    live = expected.max(axis=1) > 0
    start, end = _span(expected, start, end)
    waves = _waves(rng, setting, len(rate), weeks)
    waves[fresh] = waves[top[renamed]]
    mean = expected * waves * _season(rng, n, weeks)[supplier]
    mean[~live] = 0
    pair, week, bills = _orders(rng, setting, supplier, mean)
    return World(
        setting, supplier, named, expected, start, end, kind, at, concerned, renamed_to, alike, pair, week, bills
    )


def _customers(rng: np.random.Generator, volume: np.ndarray, customers: np.ndarray) -> tuple[np.ndarray, ...]:
    """Supplier, bills a week and rank per pair: shares as Zipf's law, its exponent between 0.8 and 1.2."""
    supplier = np.repeat(np.arange(len(volume)), customers)
    rank = np.arange(len(supplier)) - np.repeat(np.cumsum(customers) - customers, customers)
    weight = (rank + 1.0) ** -np.repeat(rng.uniform(0.8, 1.2, len(volume)), customers)
    rate = volume[supplier] * weight / np.bincount(supplier, weight)[supplier]
    return supplier, rate, rank


def _shifts(rng: np.random.Generator, n: int, part: float, low: int, high: int) -> tuple[np.ndarray, np.ndarray]:
    kind = np.where(rng.random(n) < part, rng.integers(0, len(SHIFTS), n), -1)
    return kind, np.where(kind >= 0, rng.integers(low, high, n), -1)


def _churn(
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


def _span(expected: np.ndarray, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First week of trade and the week after the last, planted changes included."""
    trades = expected > 0
    any_ = trades.any(axis=1)
    first = np.where(any_, trades.argmax(axis=1), start)
    last = np.where(any_, expected.shape[1] - trades[:, ::-1].argmax(axis=1), end)
    return first, last


def _waves(rng: np.random.Generator, setting: Setting, pairs: int, weeks: int) -> np.ndarray:
    """A customer's own activity, mean 1: AR(1) of the logarithm, and in a drifting world a random walk."""
    sd = rng.uniform(0, NOISE[setting.noise], pairs).astype(np.float32)[:, None]
    draws = rng.standard_normal((pairs, weeks), dtype=np.float32)
    draws[:, 1:] *= np.sqrt(1 - PHI**2)
    log = sd * lfilter([1.0], [1.0, -PHI], draws, axis=1).astype(np.float32) - sd**2 / 2
    if setting.drifting:
        step = rng.uniform(0, DRIFT, pairs).astype(np.float32)[:, None]
        log += step * np.cumsum(rng.standard_normal((pairs, weeks), dtype=np.float32), axis=1)
    return np.exp(log)


def _season(rng: np.random.Generator, n: int, weeks: int) -> np.ndarray:
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


def _orders(
    rng: np.random.Generator, setting: Setting, supplier: np.ndarray, mean: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of bills by week and pair: a Poisson number of orders, each of one bill and a Poisson number more.

    The last pairs, one a supplier, take the bills with a stray spelling.
    """
    n = int(supplier.max()) + 1
    burst = np.where(rng.random(n) < 0.12, 5.0, 1.8) if setting.burst is None else np.full(n, setting.burst)
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
