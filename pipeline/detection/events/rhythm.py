"""Customers silent past the 99th percentile of their own gaps (`week_silent`), where no loss is found: event `silent`.

A customer that resurfaced brings its earlier silence, which is over, as an event of the past.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from pipeline.detection import findings
from pipeline.detection.activity import Activity, Ints, positions
from pipeline.detection.events.silence import EVENT_SHARE, LEAST_SILENT
from pipeline.detection.events.takeover import Starts
from pipeline.detection.findings import CUSTOMER_SILENT, RESURFACED, RULE, SILENT, WATCH
from pipeline.detection.ledger import Ledger
from pipeline.thresholds import YEAR_WEEKS


def found(activity: Activity, ledger: Ledger, began: Starts, silent: pa.Table, events: pa.Table) -> pa.Table:
    """Silences of the newest week that no other event explains, and those that ended with a customer's return.

    Args:
        activity: all rows.
        ledger: their sums.
        began: beginnings of all pairs.
        silent: supplier_key, consignee_key, last_week of each pair past its own 99th percentile.
        events: findings of the newest week.
    """
    of_events = pc.is_valid(events["event"])
    taken = _pairs(activity, events.filter(of_events))
    back = _pairs(activity, events.filter(pc.and_(of_events, pc.equal(events["alert_type"], RESURFACED))))
    back = back[began.last_before[back] >= 0]
    pair = _pairs(activity, silent)
    known = (pair >= 0) & ~np.isin(pair, taken)
    pair, last = pair[known], silent["last_week"].to_numpy()[known] - activity.first_week
    # One that goes on under a name like its own is not silent.
    still = _last_weeks(activity)[pair] == last
    return findings.concat(
        [
            _rows(activity, ledger, pair[still], last[still], None),
            _rows(activity, ledger, back, began.last_before[back], began.run[back] - 1),
        ]
    )


def _rows(activity: Activity, ledger: Ledger, pair: Ints, last: Ints, until: Ints | None) -> pa.Table:
    supplier, week, first = activity.pair_supplier[pair], activity.weeks - 1, activity.first_week
    all_ = ledger.supplier(supplier, last - YEAR_WEEKS + 1, last)
    share = ledger.customer(pair, last - YEAR_WEEKS + 1, last) / np.maximum(all_, 1)
    matters = (share >= EVENT_SHARE) & (week - last >= LEAST_SILENT) & (until is None)
    return findings.of_pairs(
        activity,
        pair,
        week,
        {
            "alert_type": CUSTOMER_SILENT,
            "before_start": first + np.maximum(last - YEAR_WEEKS + 1, 0),
            "before_end": first + last,
            "window_start": first + last + 1,
            "window_end": first + (week if until is None else until),
            "began": first + last + 1,
            "from_value": share,
            "to_value": 0.0,
            "certainty": pa.array(np.where(matters, WATCH, RULE).tolist(), pa.string()),
            "fires": False,
            "holds": False,
            "alternative_explanation": "",
            "event": SILENT,
            "until_week": None if until is None else first + until,
        },
    )


def _pairs(activity: Activity, table: pa.Table) -> Ints:
    """Indexes of pairs by their keys; -1 where the activity has no bill of one."""
    supplier = positions(activity.suppliers, table["supplier_key"].to_numpy().astype(np.int64))
    consignee = positions(activity.consignees, table["consignee_key"].to_numpy().astype(np.int64))
    width = len(activity.consignees) + 1
    pair = positions(activity.pair_supplier * width + activity.pair_consignee, supplier * width + consignee)
    return np.where((supplier >= 0) & (consignee >= 0), pair, -1)


def _last_weeks(activity: Activity) -> Ints:
    out = np.full(len(activity.pair_supplier), -1)
    out[activity.pair] = activity.week  # rows are in order: the last one stays
    return out
