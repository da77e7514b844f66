"""Detection over the last half year of an invented world: which alerts were true, what was found and when.

An alert is true where it reports a planted change after it began, or where its customer really ended, went dark or
began (with at least the floor's share, for a shifted mix), or where a change planted some months before the evaluated
weeks is still visible; an alert about a rename is false. Closed weeks of delay count from the first week of a change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from bench.alerts.planted import SHIFTS
from bench.alerts.world import EVALUATED_WEEKS, FIRST_WEEK, World
from pipeline.detection.detect import detect, evaluated_weeks
from pipeline.detection.episodes import step
from pipeline.detection.findings import (
    CONCENTRATION_CROSSED,
    CUSTOMER_LOST,
    CUSTOMER_WON,
    MIX_SHIFTED,
    RESURFACED,
    TIER_CROSSED,
    WENT_DARK,
)

FOUND_WITHIN: Final = 13
LINES: Final = (TIER_CROSSED, CONCENTRATION_CROSSED)
REAL_SHARE: Final = 0.05
"""Smallest share at which a customer's own arrival or departure is a true alert: the effect floor."""
RECENT: Final = 39
"""Weeks after which a beginning is no longer new."""


@dataclass(frozen=True)
class Verdict:
    """The alerts of half a year.

    Attributes:
        alerts: alert_type, supplier, customer, at_week, planted (a planted change), real (another true one).
        world: the world.
        weeks: how many weeks were evaluated.
        retracted: suppliers of alerts that were retracted.
    """

    alerts: pd.DataFrame
    world: World
    weeks: int
    retracted: pd.DataFrame

    def of(self, *types: str) -> Verdict:
        """The same with alerts of some types only."""
        return Verdict(self.alerts[self.alerts.alert_type.isin(types)], self.world, self.weeks, self.retracted)

    @property
    def fdr(self) -> float:
        """False alerts among all distinct ones."""
        return float(self.is_false.mean()) if len(self.alerts) else 0.0

    def retracted_of(self, pairs: np.ndarray) -> int:
        """How many alerts at the suppliers of these customers were retracted."""
        return int(self.retracted.supplier.isin(self.world.supplier[pairs]).sum())

    def quiet_suppliers(self) -> np.ndarray:
        """Suppliers where nothing was planted and no customer of weight came or went of itself, for a year and more."""
        world = self.world
        loud = (world.kind >= 0) | (world.past_at >= 0)
        total = np.bincount(world.supplier, world.expected.mean(axis=1), minlength=len(world.kind))
        share = world.expected.max(axis=1) / np.maximum(total[world.supplier], 1e-9)
        since = world.weeks - EVALUATED_WEEKS - RECENT
        moved = ((world.start > max(since, 0)) | ((world.end > since) & (world.end < world.weeks))) & (
            share >= REAL_SHARE
        )
        loud[world.supplier[moved & (share > 0)]] = True
        loud[world.supplier[world.late_pair]] = True
        return np.flatnonzero(~loud & (total > 0))

    @property
    def is_false(self) -> pd.Series:
        """Per alert."""
        return ~(self.alerts.planted | self.alerts.real)

    @property
    def quiet_per_thousand(self) -> float:
        """False alerts per thousand weeks of suppliers where nothing was planted or renamed."""
        world = self.world
        quiet = (world.kind < 0) & ~np.isin(np.arange(len(world.kind)), world.supplier[world.renamed_to >= 0])
        return 1000 * float((self.is_false & quiet[self.alerts.supplier]).sum()) / max(quiet.sum() * self.weeks, 1)

    def delays(self, kind: str) -> np.ndarray:
        """Per supplier with a planted change of a kind, closed weeks until the alert; inf where there was none."""
        world = self.world
        suppliers = np.flatnonzero(world.kind == SHIFTS.index(kind))
        first = self.alerts[self.alerts.planted].groupby("supplier").at_week.min()
        return first.reindex(suppliers).to_numpy(dtype=float, na_value=np.inf) - world.at[suppliers] + 1

    def found(self, kind: str) -> tuple[float, float, int]:
        """Part found within 13 closed weeks, their median delay, and how many changes there were."""
        delays = self.delays(kind)
        within = delays[delays <= FOUND_WITHIN]
        return (
            float((delays <= FOUND_WITHIN).mean()) if len(delays) else np.nan,
            float(np.median(within)) if len(within) else np.nan,
            len(delays),
        )

    def dark_counts(self, *, against_left: bool) -> tuple[int, int, int]:
        """Count true, false and missed alerts of customers gone dark, without suppliers that changed before.

        Args:
            against_left: only where something was planted, so against customers that left for good; else also where
                small customers went by themselves.
        """
        dark = np.flatnonzero(self.world.kind == SHIFTS.index("gone_dark"))
        alerts = self.alerts[(self.alerts.alert_type == WENT_DARK) & (self.world.past_at[self.alerts.supplier] < 0)]
        if against_left:
            alerts = alerts[self.world.kind[alerts.supplier] >= 0]
        right = alerts[alerts.supplier.isin(dark) & alerts.planted].supplier.nunique()
        return right, int(len(alerts) - (alerts.supplier.isin(dark) & alerts.planted).sum()), len(dark) - right


def judge(world: World, *, earlier_weeks: int = 0, finder: Callable[..., pa.Table] = detect) -> Verdict:
    """Evaluate each of the world's last 26 weeks in order, as the weekly job does."""
    likely_same = world.likely_same()
    first = world.weeks - EVALUATED_WEEKS
    open_ = None
    fired, retracted = [], []
    for at_week in range(first - 1, world.weeks):
        week = at_week + FIRST_WEEK
        found = finder(
            world.known(at_week),
            week=week,
            likely_same=likely_same,
            earlier_weeks=earlier_weeks,
            first_week=FIRST_WEEK,
            open_=open_ if earlier_weeks else None,
        )
        evaluated = evaluated_weeks(week, earlier_weeks=earlier_weeks)
        done = step(open_, found, week, evaluated=evaluated, first_published=open_ is None)
        open_ = done.open
        if at_week >= first:
            fired.append(done.fired)
            retracted.append(done.retracted)
    return Verdict(_truth(world, pa.concat_tables(fired)), world, EVALUATED_WEEKS, _taken_back(retracted))


def _nearby(world: World, until: int) -> np.ndarray:
    """Suppliers of which a customer with a share came or went in the year before: others' lines move with it."""
    total = np.bincount(world.supplier, world.expected.mean(axis=1), minlength=len(world.kind))
    share = world.expected.max(axis=1) / np.maximum(total[world.supplier], 1e-9)
    moved = ((world.start > until - 2 * RECENT) & (world.start > 0)) | (
        (world.end > until - 2 * RECENT) & (world.end < world.weeks)
    )
    out = np.zeros(len(world.kind), dtype=bool)
    out[world.supplier[moved & (share >= REAL_SHARE)]] = True
    return out


def _taken_back(retracted: list[pa.Table]) -> pd.DataFrame:
    rows = pa.concat_tables(retracted)
    return pd.DataFrame({"supplier": rows["supplier_key"].to_numpy()})


def _truth(world: World, fired: pa.Table) -> pd.DataFrame:
    alerts = pd.DataFrame(
        {
            "alert_type": fired["alert_type"].to_pandas(),
            "supplier": fired["supplier_key"].to_numpy(),
            "customer": fired["driver_key"].fill_null(-1).to_numpy(),
            "at_week": fired["at_week"].to_numpy() - FIRST_WEEK,
            "q": fired["q_value"].to_numpy(zero_copy_only=False),
        }
    )
    supplier, customer, at_week = (alerts[name].to_numpy() for name in ("supplier", "customer", "at_week"))
    changed = (world.kind[supplier] >= 0) & (world.at[supplier] <= at_week)
    alerts["planted"] = changed & (alerts.alert_type.isin([MIX_SHIFTED, *LINES]).to_numpy() | world.concerned[customer])
    total = np.bincount(world.supplier, world.expected.mean(axis=1), minlength=len(world.kind))
    share = world.expected.max(axis=1)[customer] / total[supplier]
    renames = np.zeros(len(world.supplier), dtype=bool)
    old = np.flatnonzero(world.renamed_to >= 0)
    renames[old] = renames[world.renamed_to[old]] = True
    gone = np.minimum(world.end, world.dark_at)[customer]
    ended = gone <= at_week
    began = (world.start[customer] > 0) & (world.start[customer] > at_week - RECENT) & (share >= REAL_SHARE)
    stopped = alerts.alert_type.isin([CUSTOMER_LOST, WENT_DARK]).to_numpy()
    came = alerts.alert_type.isin([CUSTOMER_WON, RESURFACED]).to_numpy()
    mix = alerts.alert_type.isin([MIX_SHIFTED, *LINES]).to_numpy()
    near = _nearby(world, at_week.max(initial=0))
    line = alerts.alert_type.isin(LINES).to_numpy() & near[supplier]
    earlier = (world.past_at[supplier] >= 0) & (world.past_at[supplier] > at_week - RECENT)
    recent = ended & (share >= REAL_SHARE) & (gone > at_week - RECENT)
    alerts["real"] = (
        ~renames[customer]
        & (customer >= 0)
        & ((stopped & ended) | (came & (began | earlier)) | (mix & (recent | began | earlier)) | line)
    )
    return alerts
