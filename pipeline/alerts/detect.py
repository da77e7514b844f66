"""What changed at the suppliers' customers, for all suppliers at once: findings of a closed week.

Belongs here: the order of the tests, and which weeks are looked at. Does not belong here: each test (`mix_*`, `lost`,
`won`), when a finding is told (`episodes`), anything of dbt or settings.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from pipeline.alerts import findings
from pipeline.alerts.findings import CUSTOMER_LOST, DETECTED, FINDING, RULE

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
    del watched, likely_same
    start = first_week if first_week is not None else pc.min(activity["week_number"]).as_py()
    if start is None:
        return findings.empty()
    weeks = sorted(set().union(*looked(week, incomplete=incomplete, look_back=look_back).values()) | {week})
    return findings.concat([_lost(activity, at) for at in weeks if at not in set(incomplete) and at - start > YEAR])


def looked(week: int, *, incomplete: Collection[int] = (), look_back: int = LOOK_BACK) -> dict[str, frozenset[int]]:
    """By type, the weeks before `week` that `detect` looks at anew: `looked` of `episodes.step`."""
    earlier = frozenset(range(week - look_back, week)) - set(incomplete)
    return dict.fromkeys(DETECTED, earlier)


def _lost(activity: pa.Table, at: int) -> pa.Table:
    rows = activity.filter(pc.less_equal(activity["week_number"], at))
    total = rows.group_by("supplier_key").aggregate([("bills", "sum")])
    pairs = rows.filter(pc.is_valid(rows["consignee_key"])).group_by(["supplier_key", "consignee_key"])
    pairs = pairs.aggregate([("bills", "sum"), ("bills", "count"), ("week_number", "max"), ("week_number", "min")])
    pairs = pairs.join(total, "supplier_key", right_suffix="_all").combine_chunks()
    last = pairs["week_number_max"].to_numpy().astype(np.int64)
    first = pairs["week_number_min"].to_numpy().astype(np.int64)
    active = pairs["bills_count"].to_numpy()
    share = pairs["bills_sum"].to_numpy() / pairs["bills_sum_all"].to_numpy()
    silent = (active >= 12) & (share >= 0.05) & ((at - last) * active / (last - first + 1) >= 6)
    kept = pairs.filter(pa.array(silent))
    rows_ = kept.num_rows
    last_kept = last[silent]
    return findings.table(
        rows_,
        {
            "alert_type": CUSTOMER_LOST,
            "supplier_key": kept["supplier_key"],
            "consignee_key": kept["consignee_key"],
            "driver_key": kept["consignee_key"],
            "threshold": "",
            "at_week": at,
            "before_start": first[silent],
            "before_end": last_kept,
            "window_start": last_kept + 1,
            "window_end": at,
            "began": last_kept + 1,
            "from_value": share[silent],
            "to_value": 0.0,
            "effect": -100 * share[silent],
            "effect_low": -100 * share[silent],
            "effect_high": -100 * share[silent],
            "certainty": RULE,
            "fires": True,
            "holds": True,
            "gone": False,
            "coverage": 1.0,
            "instead": "pause",
        },
    )


__all__ = ["FINDING", "HISTORY_WEEKS", "LOOK_BACK", "detect", "looked"]
