"""What changed at the suppliers' customers, for all suppliers at once: findings of a closed week."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.detection import findings, lost, mix_test, won
from pipeline.detection.activity import read
from pipeline.detection.findings import DETECTED, FINDING
from pipeline.detection.known_changes import changes
from pipeline.detection.ledger import Ledger
from pipeline.detection.silence import silences
from pipeline.detection.takeover import starts

LOOK_BACK: Final = 4
"""Earlier weeks that are looked at anew: after as many closed weeks nearly all late bills are in."""
HISTORY_WEEKS: Final = 130
"""A window of 13 weeks against 52 back, at past weeks of more than a year."""
YEAR: Final = 52


def detect(
    activity: pa.Table,
    *,
    week: int,
    watched: Collection[int] = (),
    likely_same: pa.Table | None = None,
    incomplete: Collection[int] = (),
    first_week: int | None = None,
    look_back: int = LOOK_BACK,
) -> pa.Table:
    """Findings at `week` and at the `look_back` weeks before it, as now known.

    Args:
        activity: one row per supplier, consignee and week with bills: supplier_key, consignee_key (null: unnamed),
            week_number, bills, market_index (1.0 where the market is thin), the 130 weeks up to `week`, any order.
        week: the newest week; closed.
        watched: supplier keys that are a family of their own.
        likely_same: consignee_key, other_key: names so alike that one vanishing as the other starts is no news.
        incomplete: weeks with a missing or waived day; a window that touches one raises nothing.
        first_week: first week of history; the first week with bills where it is not given.
        look_back: earlier weeks to look at.

    Returns:
        FINDING; one row per thing that fires, holds or is gone; the order depends on content alone.
    """
    history = min(HISTORY_WEEKS, week - first_week + 1) if first_week is not None else HISTORY_WEEKS
    given = read(activity, week=week, weeks=history, likely_same=likely_same, incomplete=incomplete)
    if not len(given.pair):
        return findings.empty()
    earliest = int(given.week.min()) if first_week is None else 0
    at = [place for place in range(history - 1 - look_back, history) if place >= earliest + YEAR]
    at = [place for place in at if not given.incomplete[place]]
    if not at:
        return findings.empty()
    ledger, began = Ledger(given), starts(given)
    silent = silences(given, at)
    lines = [lost.line(given, silent, at, column) for column in range(len(at))]
    parts = [
        lost.found(given, ledger, began, silent, at, lines),
        won.found(given, ledger, began, silent, at, earliest),
    ]
    looks = mix_test.look(given, at, changes(given, ledger, began, silent, lines[-1]))
    if looks is not None:
        parts.append(mix_test.found(given, ledger, began, looks, at, watched))
    return findings.concat(parts)


def looked(week: int, *, incomplete: Collection[int] = (), look_back: int = LOOK_BACK) -> dict[str, frozenset[int]]:
    """By type, the weeks before `week` that `detect` looks at anew: `looked` of `episodes.step`."""
    earlier = frozenset(range(week - look_back, week)) - set(incomplete)
    return dict.fromkeys(DETECTED, earlier)


__all__ = ["FINDING", "HISTORY_WEEKS", "LOOK_BACK", "detect", "looked"]
