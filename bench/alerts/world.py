"""An invented world of suppliers and their customers' bills, week by week, with the truth about each.

Customers order in bursts (compound Poisson), their activity is serially correlated (AR(1) of its logarithm), small
ones come and go, suppliers have seasons and stop over the Chinese New Year, some bills bear no name or a stray one,
the newest weeks are not complete yet, some customers are renamed, and in some worlds every mix drifts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from bench.alerts.draws import churn, customers, even_orders, orders, season, shifts, span, waves
from bench.alerts.planted import SHIFTS, Concerned, is_hidden, plant

HISTORY: Final = 130
EVALUATED_WEEKS: Final = 26
FIRST_WEEK: Final = 2800
"""A Monday of 2023; the invented weeks begin there."""
TAIL: Final = 0.05
"""Customers under this share come and go, each staying two years on average."""
LATE_WEEKS: Final = 16
"""Weeks of a customer's bills that are published at once, with the last of them."""
FORGETTING: Final = (0.97, 0.995)
"""Part of the bills of the newest closed week and the one before that are known at the cut-off."""


@dataclass(frozen=True)
class Setting:
    """What kind of world.

    Attributes:
        seed: of all draws.
        suppliers: how many.
        median: bills of a supplier in 8 weeks, the median.
        spread: standard deviation of its logarithm.
        noise: a key of `draws.NOISE`.
        burst: mean bills an order; None: 1.8, and 5 at every eighth supplier.
        shifted: part of the suppliers with a planted change within the first half of the evaluated weeks.
        past_shifted: part with one in the two years before, which spoils the reference.
        renamed: part of which a customer is renamed within the evaluated weeks; for half of them the names are alike.
        drifting: whether all mixes drift.
        sizes: standard deviation of the logarithm of customers' volume a bill.
        real: rates as real records have them: most pairs ship less than twice a year, some suppliers are thick.
        regular: whether customers order at nearly even intervals, as vessels on a schedule.
        late: part of the suppliers of which a customer's bills of some weeks are published late.
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
    sizes: float = 0.0
    real: bool = False
    regular: bool = False
    late: float = 0.0


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
        dark_at: per pair, the first week in which its name is withheld for good; `weeks` where it never is.
        kind: per supplier, an index into SHIFTS; -1 where nothing is planted within the evaluated weeks.
        at: per supplier, the week of its change; -1.
        past_at: per supplier, the week of a change planted before the evaluated weeks; -1.
        concerned: per pair, whether the change planted at its supplier is its own.
        renamed_to: per pair, the pair that goes on under another name; -1.
        alike: per pair, whether its two names are known to be alike.
        pair: per row of activity, its pair.
        week: per row, 0 is the first.
        bills: per row.
        size: per pair, volume a bill.
        late_pair: pairs with bills that are published late.
        late_from: their first week.
        late_until: the week with which they are published.
    """

    setting: Setting
    supplier: np.ndarray
    named: np.ndarray
    expected: np.ndarray
    start: np.ndarray
    end: np.ndarray
    dark_at: np.ndarray
    kind: np.ndarray
    at: np.ndarray
    past_at: np.ndarray
    concerned: np.ndarray
    renamed_to: np.ndarray
    alike: np.ndarray
    pair: np.ndarray
    week: np.ndarray
    bills: np.ndarray
    size: np.ndarray
    late_pair: np.ndarray
    late_from: np.ndarray
    late_until: np.ndarray

    @property
    def weeks(self) -> int:
        """How many weeks there are."""
        return int(self.expected.shape[1])

    def known(self, at_week: int, *, history: int = HISTORY) -> pa.Table:
        """`week_activity` as known at the cut-off of week `at_week`: the newest weeks lack some bills."""
        first, last = np.searchsorted(self.week, [at_week - history + 1, at_week + 1])
        week, pair, bills = self.week[first:last], self.pair[first:last], self.bills[first:last].copy()
        rng = np.random.default_rng([self.setting.seed, at_week])
        for back, part in enumerate(FORGETTING):
            rows = slice(*np.searchsorted(week, [at_week - back, at_week - back + 1]))
            bills[rows] = rng.binomial(bills[rows], part)
        there = bills > 0
        for late, low, high in zip(self.late_pair, self.late_from, self.late_until, strict=True):
            if at_week < high:
                there &= ~((pair == late) & (week >= low))
        pair = pair[there]
        return pa.table(
            {
                "supplier_key": pa.array(self.supplier[pair].astype(np.int64)),
                "consignee_key": pa.array(pair.astype(np.int64), mask=~self.named[pair]),
                "week_number": pa.array((week[there] + FIRST_WEEK).astype(np.int32)),
                "bills": pa.array(bills[there].astype(np.int32)),
                "market_index": pa.array(np.ones(int(there.sum()))),
                "volume": pa.array(bills[there] * self.size[pair]),
            }
        )

    def likely_same(self) -> pa.Table:
        """Pairs of names that are known to be alike."""
        old = np.flatnonzero(self.alike)
        return pa.table({"consignee_key": pa.array(old), "other_key": pa.array(self.renamed_to[old])})


def make(setting: Setting, *, weeks: int = HISTORY + EVALUATED_WEEKS) -> World:
    """Draw a world: its last 26 weeks are evaluated.

    Memory: some 20 bytes x pairs x weeks while it is drawn; a supplier has eight pairs on average.
    """
    rng = np.random.default_rng(setting.seed)
    n = setting.suppliers
    evaluated_from = weeks - EVALUATED_WEEKS
    volume = setting.median / 8 * np.exp(setting.spread * rng.standard_normal(n))
    many = rng.integers(2, 11, n)
    if setting.real:
        # Bills a year at 50, 90 and 99 %: 2, 25, 190; most customers of a supplier ship once in a while.
        volume = 2 / 52 * np.exp(1.95 * rng.standard_normal(n))
        many = 1 + rng.poisson(np.sqrt(52 * volume))
    supplier, rate, rank = customers(rng, volume, many)
    kind, at = shifts(rng, n, setting.shifted, evaluated_from, evaluated_from + EVALUATED_WEEKS // 2)
    old_kind, old_at = shifts(rng, n, setting.past_shifted, 13, evaluated_from)
    old_kind[kind >= 0] = old_at[kind >= 0] = -1
    any_kind, any_at = np.where(kind >= 0, kind, old_kind), np.where(kind >= 0, at, old_at)

    tail = (rate < TAIL * volume[supplier]) & (rank > 0)
    supplier, rate, rank, start, end = churn(rng, supplier, rate, rank, tail, weeks)
    own = len(rate)
    hidden = np.arange(n)
    # Beside its customers a supplier has bills without a name, a customer that may come, and stray name variants.
    supplier = np.concatenate([supplier, hidden, hidden, hidden])
    rate = np.concatenate([rate, volume * rng.uniform(0, 0.25, n), np.zeros(2 * n)])
    start = np.concatenate([start, np.zeros(3 * n, dtype=np.int64)])
    end = np.concatenate([end, np.full(3 * n, weeks)])
    top, second = (np.full(n, -1) for _ in range(2))
    for position, pairs in ((0, top), (1, second)):
        found = np.flatnonzero(rank == position)
        pairs[supplier[found]] = found
    start[second[any_kind >= 0]], end[second[any_kind >= 0]] = 0, weeks
    changed = np.flatnonzero(any_kind >= 0)
    planted = Concerned(any_kind[changed], any_at[changed], top[changed], second[changed], own + n + changed)
    rate, factor = plant(rate, supplier, planted, weeks)
    named = np.ones(len(rate), dtype=bool)
    named[own : own + n] = False
    concerned = np.zeros(len(rate), dtype=bool)
    news = np.flatnonzero(kind >= 0)
    concerned[np.concatenate([top[news], own + news, own + n + news])] = True
    concerned[second[np.flatnonzero(kind == SHIFTS.index("swap"))]] = True

    renamed = np.flatnonzero((any_kind < 0) & (rng.random(n) < setting.renamed))
    fresh = own + n + renamed
    named_at = rng.integers(evaluated_from, evaluated_from + EVALUATED_WEEKS // 2, len(renamed))
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
    start, end = span(expected, start, end)
    wave = waves(rng, setting.noise, setting.drifting, len(rate), weeks)
    wave[fresh] = wave[top[renamed]]
    mean = expected * wave * season(rng, n, weeks)[supplier]
    mean[~live] = 0
    pair, week, bills = (even_orders if setting.regular else orders)(rng, setting.burst, supplier, mean)
    dark_at = np.full(len(rate), weeks)
    dark = any_kind[changed] == SHIFTS.index("gone_dark")
    dark_at[planted.subject[dark]] = planted.at[dark]
    pair = np.where(is_hidden(planted, pair, week, len(rate)), own + supplier[pair], pair)
    size = np.exp(setting.sizes * rng.standard_normal(len(rate)))
    size[fresh] = size[top[renamed]]
    tardy = np.flatnonzero((any_kind < 0) & (rng.random(n) < setting.late) & ~np.isin(np.arange(n), renamed))
    late_from = rng.integers(evaluated_from, evaluated_from + 4, len(tardy))
    return World(
        setting,
        supplier,
        named,
        expected,
        start,
        end,
        dark_at,
        kind,
        at,
        old_at,
        concerned,
        renamed_to,
        alike,
        pair,
        week,
        bills,
        size,
        top[tardy],
        late_from,
        late_from + LATE_WEEKS,
    )
