"""Usual flags of a shifted mix, for comparison: fixed thresholds on 8 weeks against the 52 before, and chi-square."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pyarrow as pa
from scipy.stats import chi2

from bench.alerts.world import HISTORY
from pipeline.detection import findings
from pipeline.detection.activity import UNNAMED, Activity, read
from pipeline.detection.findings import MIX_SHIFTED, RULE
from pipeline.detection.mix.reference import q_values
from pipeline.detection.mix.significance import thick

WINDOW: Final = 8
BACK: Final = 52
PSI_LINE: Final = 0.25
DIVERGENCE_LINE: Final = 0.1
"""Bits."""
TOP_LINE: Final = 0.10
CHI_Q: Final = 0.10
SMALL: Final = 0.5
"""Added to every customer's count, as PSI has no value at 0."""
METHODS: Final = ("PSI 0.25", "Jensen-Shannon 0.1", "top share 10 points", "chi-square, BH 0.10")


def flags(activity: Activity, method: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places of the thick suppliers, whether a method flags them, and the customer (place) that moved most."""
    last = activity.weeks - 1
    given = activity.of_suppliers(thick(activity, last))
    recent = given.week > last - WINDOW
    year = (given.week <= last - WINDOW) & (given.week > last - WINDOW - BACK)
    pairs = len(given.pair_supplier)
    now, base = (np.bincount(given.pair[rows], given.bills[rows], minlength=pairs) for rows in (recent, year))
    begin = np.flatnonzero(np.r_[True, given.pair_supplier[1:] != given.pair_supplier[:-1]])
    of = np.repeat(np.arange(len(begin)), np.diff(np.r_[begin, pairs]))
    now_all, base_all = np.add.reduceat(now, begin), np.add.reduceat(base, begin)
    after, before = now / np.maximum(now_all, 1)[of], base / np.maximum(base_all, 1)[of]
    with np.errstate(divide="ignore", invalid="ignore"):
        if method == METHODS[0]:
            counts = np.add.reduceat(np.ones(pairs), begin)[of]
            p = (now + SMALL) / (now_all[of] + SMALL * counts)
            q = (base + SMALL) / (base_all[of] + SMALL * counts)
            flagged = np.add.reduceat((p - q) * np.log(p / q), begin) > PSI_LINE
        elif method == METHODS[1]:
            middle = (after + before) / 2
            terms = [np.where(each > 0, each * np.log2(each / middle), 0) for each in (after, before)]
            flagged = np.add.reduceat(terms[0] + terms[1], begin) / 2 > DIVERGENCE_LINE
        elif method == METHODS[2]:
            flagged = np.abs(np.maximum.reduceat(after, begin) - np.maximum.reduceat(before, begin)) > TOP_LINE
        else:
            both = (now + base) / (now_all + base_all)[of]
            due_now, due_base = both * now_all[of], both * base_all[of]
            terms = [np.where(due > 0, (n - due) ** 2 / due, 0) for n, due in ((now, due_now), (base, due_base))]
            classes = np.add.reduceat((both > 0).astype(float), begin)
            flagged = (
                q_values(chi2.sf(np.add.reduceat(terms[0] + terms[1], begin), np.maximum(classes - 1, 1))) <= CHI_Q
            )
    flagged = np.asarray(flagged) & (now_all > 0) & (base_all > 0)
    move = np.where(given.pair_consignee == UNNAMED, 0, np.abs(after - before))
    largest = move >= np.maximum.reduceat(move, begin)[of]
    driver = np.minimum.reduceat(np.where(largest, np.arange(pairs), pairs - 1), begin)
    return given.pair_supplier[begin], flagged, given.pair_consignee[driver]


def finder(method: str) -> Callable[..., pa.Table]:
    """A finder by one of METHODS."""

    def find(table: pa.Table, *, week: int, likely_same: pa.Table, **_: object) -> pa.Table:
        activity = read(table, week=week, weeks=HISTORY, likely_same=likely_same)
        supplier, flagged, driver = flags(activity, method)
        shown = np.flatnonzero(flagged & (driver != UNNAMED))
        return findings.table(
            len(shown),
            {
                "alert_type": MIX_SHIFTED,
                "supplier_key": activity.suppliers[supplier[shown]],
                "driver_key": activity.consignees[driver[shown]],
                "threshold": "",
                "at_week": week,
                "before_start": week - WINDOW - BACK + 1,
                "before_end": week - WINDOW,
                "window_start": week - WINDOW + 1,
                "window_end": week,
                "began": week - WINDOW + 1,
                "certainty": RULE,
                "fires": True,
                "holds": True,
                "alternative_explanation": "",
            },
        )

    return find
