"""What changed at the suppliers' customers, for all suppliers at once: findings of a closed week."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from pipeline.detection import findings, lost, mix_test, rhythm, won
from pipeline.detection.activity import Activity, read
from pipeline.detection.findings import DETECTED, FINDING
from pipeline.detection.known_changes import changes
from pipeline.detection.ledger import Ledger
from pipeline.detection.silence import LEAST_SHARE, silences
from pipeline.detection.takeover import Starts, starts
from pipeline.thresholds import ACTIVITY_WEEKS, YEAR_WEEKS

EARLIER_WEEKS: Final = 4
"""Earlier weeks that are evaluated again: after as many closed weeks nearly all late bills are in."""


def detect(
    activity: pa.Table,
    *,
    week: int,
    watched: Collection[int] = (),
    likely_same: pa.Table | None = None,
    silent: pa.Table | None = None,
    incomplete: Collection[int] = (),
    first_week: int | None = None,
    earlier_weeks: int = EARLIER_WEEKS,
) -> pa.Table:
    """Return the findings at `week` and at the `earlier_weeks` before it, as now known.

    Args:
        activity: one row per supplier, consignee and week with bills: supplier_key, consignee_key (null: unnamed),
            week_number, bills, market_index (1.0 where the market is thin), the 130 weeks up to `week`, any order.
        week: the newest week; closed.
        watched: supplier keys that are a family of their own.
        likely_same: consignee_key, other_key: names so alike that one vanishing as the other starts is no news.
        silent: supplier_key, consignee_key, last_week of pairs that are past their own usual gap.
        incomplete: weeks with a missing or waived day; a window that touches one raises no alert.
        first_week: first week of history; the first week with bills where it is not given.
        earlier_weeks: how many weeks to evaluate again.

    Returns:
        FINDING: what fires or holds at each of the weeks, and the customer events of `week`; the order depends on
        content alone.
    """
    history = min(ACTIVITY_WEEKS, week - first_week + 1) if first_week is not None else ACTIVITY_WEEKS
    given = read(activity, week=week, weeks=history, likely_same=likely_same, incomplete=incomplete)
    if not len(given.pair):
        return findings.empty()
    earliest = int(given.week.min()) if first_week is None else 0
    weeks = [index for index in range(history - 1 - earlier_weeks, history) if index >= earliest + YEAR_WEEKS]
    weeks = [index for index in weeks if not given.incomplete[index]]
    ledger, began = Ledger(given), starts(given)
    found = _alertable(given, ledger, began, weeks, earliest, watched) if weeks else findings.empty()
    if silent is not None:
        newest = found.filter(pc.equal(found["at_week"], week))
        found = findings.concat([found, rhythm.found(given, ledger, began, silent, newest)])
    return found


def _alertable(
    given: Activity, ledger: Ledger, began: Starts, weeks: list[int], earliest: int, watched: Collection[int]
) -> pa.Table:
    """Findings of lost, new and shifted customers at the evaluated weeks."""
    silent = silences(given, weeks)
    large = silent.take(np.flatnonzero(silent.share >= LEAST_SHARE))
    cutoffs = [lost.loss_cutoff(given, large, weeks, column) for column in range(len(weeks))]
    parts = [
        lost.found(given, ledger, began, silent, weeks, cutoffs),
        won.found(given, ledger, began, large, weeks, earliest),
    ]
    shifts = mix_test.evaluate(given, weeks, changes(given, ledger, began, large, cutoffs[-1]))
    if shifts is not None:
        parts.append(mix_test.found(given, ledger, began, shifts, weeks, watched))
    return findings.concat(parts)


def evaluated_weeks(
    week: int, *, incomplete: Collection[int] = (), earlier_weeks: int = EARLIER_WEEKS
) -> dict[str, frozenset[int]]:
    """By type, the weeks before `week` that `detect` evaluates again: `evaluated` of `episodes.step`."""
    earlier = frozenset(range(week - earlier_weeks, week)) - set(incomplete)
    return dict.fromkeys(DETECTED, earlier)


__all__ = ["EARLIER_WEEKS", "FINDING", "detect", "evaluated_weeks"]
