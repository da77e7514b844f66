"""Customers that began: `customer_won`, or `resurfaced` where bills without a name fell in step.

A customer that is back after more than a year has resurfaced too, unless it never shipped often enough to be missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.detection import findings
from pipeline.detection.activity import UNNAMED, Activity, Bools, Ints
from pipeline.detection.bounds import share_bounds
from pipeline.detection.findings import CUSTOMER_WON, RESURFACED, RULE
from pipeline.detection.ledger import Ledger
from pipeline.detection.lost import USUAL_LINE
from pipeline.detection.silence import YEAR, Silences
from pipeline.detection.takeover import Starts, expected, renamed, was_hidden

WINDOW: Final = 13
NEW_WEEKS: Final = 26
"""A customer is new for half a year: a slow starter may need so long to reach the share."""
LEAST_SHARE: Final = 0.10
HOLD_SHARE: Final = 0.08
"""A fifth under the line, as tiers."""
LEAST_LOW: Final = 0.07
"""Lower sampling bound of the share: one large booking is no customer won. At 0.06 a fifth of the customers won at
suppliers of 57 bills a window took less than 5 % in the long run, at 0.07 one in thirteen; new customers of 15 and
30 % are found as often."""
HOLD_LOW: Final = 0.056
LEAST_WEEKS: Final = 3
"""Weeks with bills: two orders may be a trial."""
LEAST_BEFORE: Final = 12
"""Bills of the supplier in the year before, under which everybody is new."""


def found(
    activity: Activity, ledger: Ledger, began: Starts, silent: Silences, at: Sequence[int], history: int
) -> pa.Table:
    """Findings of new customers at weeks `at` (places); `history` is the first week with data (place)."""
    return findings.concat(
        [_found_at(activity, ledger, began, silent, column, look, history) for column, look in enumerate(at)]
    )


def _found_at(
    activity: Activity, ledger: Ledger, began: Starts, silent: Silences, column: int, at: int, history: int
) -> pa.Table:
    if activity.incomplete[max(at - WINDOW + 1, 0) : at + 1].any():
        return findings.empty()
    recent = (activity.week > at - WINDOW) & (activity.week <= at)
    weeks = np.bincount(activity.pair[recent], minlength=len(activity.pair_supplier))
    fresh = (began.run > at - NEW_WEEKS) & (began.run <= at) & (began.run - YEAR >= history)
    pair = np.flatnonzero(fresh & (weeks >= LEAST_WEEKS) & (activity.pair_consignee != UNNAMED))
    supplier = activity.pair_supplier[pair]
    start, ends = np.full(len(pair), at - WINDOW + 1), np.full(len(pair), at)
    bills, all_ = ledger.customer(pair, start, ends), ledger.supplier(supplier, start, ends)
    share = bills / np.maximum(all_, 1)
    low, high = share_bounds(share, all_, ledger.phi(supplier, start, ends))
    run = began.run[pair]
    before = ledger.supplier(supplier, run - YEAR, run - 1)
    keep = np.flatnonzero((share >= HOLD_SHARE) & (low >= HOLD_LOW) & (before >= LEAST_BEFORE))
    pair, supplier, share, low, high = pair[keep], supplier[keep], share[keep], low[keep], high[keep]
    run, bills, start, ends = run[keep], bills[keep], start[keep], ends[keep]
    pace = expected(ledger, supplier, pair, run, ends, ends - run + 1.0)
    known = began.first[pair] < run
    back = known | was_hidden(pace, ledger.customer(pair, run, ends))
    moved = _took_over(activity, ledger, began, silent, column, at, pair)
    first = activity.first_week
    keys = activity.consignees[activity.pair_consignee[pair]]
    unnamed = ledger.unnamed(supplier, start, ends)
    return findings.table(
        len(pair),
        {
            "alert_type": pa.array(np.where(back, RESURFACED, CUSTOMER_WON).tolist(), pa.string()),
            "supplier_key": activity.suppliers[supplier],
            "consignee_key": keys,
            "driver_key": keys,
            "threshold": "",
            "at_week": first + at,
            "before_start": first + np.maximum(start - YEAR, 0),
            "before_end": first + start - 1,
            "window_start": first + start,
            "window_end": first + at,
            "began": first + run,
            "from_value": 0.0,
            "to_value": share,
            "effect": 100 * share,
            "effect_low": 100 * low,
            "effect_high": 100 * high,
            "bills_before": 0.0,
            "bills_after": bills / WINDOW,
            "certainty": RULE,
            "fires": (share >= LEAST_SHARE)
            & (low >= LEAST_LOW)
            & ~moved
            & (~known | (began.missed[pair] >= USUAL_LINE)),
            "holds": True,
            "gone": False,
            "coverage": 1 - unnamed / np.maximum(ledger.supplier(supplier, start, ends), 1),
            "instead": pa.array(np.where(moved, "renamed", "").tolist(), pa.string()),
        },
    )


def _took_over(
    activity: Activity, ledger: Ledger, began: Starts, silent: Silences, column: int, at: int, pair: Ints
) -> Bools:
    """Whether a customer with a share fell silent as the new one began, with the same size."""
    of = np.isin(activity.pair_supplier[silent.pair], activity.pair_supplier[pair])
    gone = silent.take(np.flatnonzero(of & (silent.weeks_at[:, column] > 0)))
    return np.isin(pair, renamed(activity, ledger, began, gone.pair, gone.last, at))
