"""What changed at the suppliers' customers, for all suppliers at once: findings of a closed week."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from pipeline.detection import findings, lines
from pipeline.detection.activity import MOST_MISSING, Activity, read
from pipeline.detection.episodes import notified_weeks
from pipeline.detection.events import lost, rhythm, won
from pipeline.detection.events.silence import LEAST_SHARE, silences
from pipeline.detection.events.takeover import Starts, starts
from pipeline.detection.findings import CONCENTRATION_CROSSED, DETECTED, FINDING, MIX_SHIFTED, TIER_CROSSED
from pipeline.detection.ledger import Ledger
from pipeline.detection.mix import shifts, significance
from pipeline.detection.mix.known_changes import changes
from pipeline.thresholds import ACTIVITY_WEEKS

LEAST_HISTORY: Final = 13
"""Weeks of records, under which no change is tested."""
AGAIN_WEEKS: Final = 26
"""Weeks for which late bills take back an alert."""
EARLIER_WEEKS: Final = 4
"""Earlier weeks that are evaluated again: after as many closed weeks nearly all late bills are in."""


def detect(
    activity: pa.Table,
    *,
    week: int,
    watched: Collection[int] = (),
    likely_same: pa.Table | None = None,
    silent: pa.Table | None = None,
    incomplete: Mapping[int, float] | None = None,
    first_week: int | None = None,
    earlier_weeks: int = EARLIER_WEEKS,
    open_: pa.Table | None = None,
) -> pa.Table:
    """Return the findings at `week` and at the `earlier_weeks` before it, as now known.

    Args:
        activity: one row per supplier, consignee and week with bills: supplier_key, consignee_key (null: unnamed),
            week_number, bills, market_index (1.0 where the market is thin), the 130 weeks up to `week`, any order.
        week: the newest week; closed.
        watched: supplier keys that are a family of their own.
        likely_same: consignee_key, other_key: names so alike that one vanishing as the other starts is no news.
        silent: supplier_key, consignee_key, last_week of pairs that are past their own usual gap.
        incomplete: part of the records that is missing, by week that lacks some; a window raises no alert where over a
            tenth of its records are missing.
        first_week: first week of history; the first week with bills where it is not given.
        earlier_weeks: how many weeks to evaluate again.
        open_: EPISODE of the week before: the weeks in which its alerts were raised are evaluated again too.

    Returns:
        FINDING: what fires or holds at each of the weeks, and the customer events of `week`; the order depends on
        content alone.
    """
    history = min(ACTIVITY_WEEKS, week - first_week + 1) if first_week is not None else ACTIVITY_WEEKS
    given = read(activity, week=week, weeks=history, likely_same=likely_same, incomplete=incomplete)
    if not len(given.pair):
        return findings.empty()
    earliest = int(given.week.min()) if first_week is None else 0
    weeks = [index for index in range(history - 1 - earlier_weeks, history) if index >= earliest + LEAST_HISTORY]
    asked = {number - given.first_week for number in notified_weeks(open_)} - set(weeks)
    again = sorted(index for index in asked if history - 1 - AGAIN_WEEKS <= index < history - 1 and index >= earliest)
    ledger, began = Ledger(given), starts(given)
    found = _alertable(given, ledger, began, weeks, again, earliest, watched, open_) if weeks else findings.empty()
    if open_ is not None and again:
        mixes = open_.filter(pc.equal(open_["alert_type"], MIX_SHIFTED))["supplier_key"].to_numpy()
        found = findings.concat([found, shifts.still_there(given, mixes, again)])
    if silent is not None:
        newest = found.filter(pc.equal(found["at_week"], week))
        found = findings.concat([found, rhythm.found(given, ledger, began, silent, newest)])
    return found


def _alertable(
    given: Activity,
    ledger: Ledger,
    began: Starts,
    weeks: list[int],
    again: list[int],
    earliest: int,
    watched: Collection[int],
    open_: pa.Table | None,
) -> pa.Table:
    """Findings of customers and lines at the evaluated weeks; at those `again` of lost and new customers only."""
    every = sorted([*again, *weeks])
    silent = silences(given, every)
    large = silent.take(np.flatnonzero(silent.share >= LEAST_SHARE))
    cutoffs = [lost.loss_cutoffs(given, large, every, column) for column in range(len(every))]
    parts = [
        lost.found(given, ledger, began, silent, every, cutoffs),
        won.found(given, ledger, began, large, every, earliest),
        lines.found(given, weeks, earliest, watched, open_),
    ]
    mixes = significance.evaluate(given, weeks, changes(given, ledger, began, large, cutoffs[-1][1]))
    if mixes is not None:
        parts.append(shifts.found(given, ledger, began, mixes, weeks, watched))
    return findings.concat(parts)


def evaluated_weeks(
    week: int, *, incomplete: Mapping[int, float] | None = None, earlier_weeks: int = EARLIER_WEEKS
) -> dict[str, frozenset[int]]:
    """By type, the weeks before `week` that `detect` evaluates again: `evaluated` of `episodes.step`."""

    def known(weeks: int) -> frozenset[int]:
        return frozenset(number for number in range(week - weeks, week) if number not in lacking)

    # A week whose windows lack records does not show what was there.
    lacking = {
        number + later for number, part in (incomplete or {}).items() if part > MOST_MISSING for later in range(13)
    }
    of_lines = (TIER_CROSSED, CONCENTRATION_CROSSED)
    return dict.fromkeys(DETECTED, known(AGAIN_WEEKS)) | dict.fromkeys(of_lines, known(earlier_weeks))


__all__ = ["EARLIER_WEEKS", "FINDING", "detect", "evaluated_weeks"]
