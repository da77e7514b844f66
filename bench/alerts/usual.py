"""Usual flags of a shifted mix, for comparison: fixed lines on 8 weeks against the 52 before, chi-square, a bootstrap.

Beside them the plainest alert: a tier of the 52-week share that is not last week's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pyarrow as pa
from scipy.stats import chi2

from bench.alerts.world import HISTORY
from pipeline.detection import findings
from pipeline.detection.activity import UNNAMED, Activity, read
from pipeline.detection.findings import MIX_SHIFTED, RULE, TIER_CROSSED
from pipeline.detection.mix.reference import q_values
from pipeline.detection.mix.significance import thick
from pipeline.thresholds import threshold

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
"""Of 8 weeks against 52."""
BOOTSTRAP: Final = "own-past bootstrap, BH 0.10"
TIER_CHANGE: Final = "any tier change"
DESIGNS: Final = (*METHODS, BOOTSTRAP, TIER_CHANGE)
DRAWS: Final = 1999
TIER_CUTS: Final = [threshold(f"tier_{tier}_share") for tier in "cba"]


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


def bootstrap_flags(activity: Activity) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As `flags`: a move of the mix that 8 weeks drawn from the supplier's own 52 before rarely show."""
    last = activity.weeks - 1
    given = activity.of_suppliers(thick(activity, last))
    dense = np.zeros((len(given.pair_supplier), BACK + WINDOW))
    kept = given.week > last - BACK - WINDOW
    np.add.at(dense, (given.pair[kept], given.week[kept] - (last - BACK - WINDOW + 1)), given.bills[kept])
    rng = np.random.default_rng(last)
    drawn = rng.multinomial(WINDOW, np.full(BACK, 1 / BACK), size=DRAWS).T
    suppliers, begin = np.unique(given.pair_supplier, return_index=True)
    p, driver = np.ones(len(suppliers)), np.full(len(suppliers), UNNAMED)
    for number, rows in enumerate(np.split(dense, begin[1:])):
        base, now = rows[:, :BACK], rows[:, BACK:].sum(axis=1, keepdims=True)
        if not (base.sum() and now.sum()):
            continue
        before = base.sum(axis=1, keepdims=True) / base.sum()
        seen, chance = (
            np.abs(each / np.maximum(each.sum(axis=0), 1) - before).sum(axis=0) for each in (now, base @ drawn)
        )
        p[number] = (1 + (chance >= seen[0]).sum()) / (1 + DRAWS)
        customers = given.pair_consignee[begin[number] : begin[number] + len(rows)]
        move = np.where(customers == UNNAMED, 0, np.abs(now / now.sum() - before)[:, 0])
        driver[number] = customers[move.argmax()]
    return suppliers, q_values(p) <= CHI_Q, driver


def tier_flags(activity: Activity) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As `flags`, by customer: the tier of the year's share is another than a week ago."""
    last = activity.weeks - 1
    tiers = []
    for week in (last, last - 1):
        rows = (activity.week <= week) & (activity.week > week - BACK)
        bills = np.bincount(activity.pair[rows], activity.bills[rows], minlength=len(activity.pair_supplier))
        total = np.bincount(activity.pair_supplier, bills, minlength=len(activity.suppliers))[activity.pair_supplier]
        tiers.append(np.digitize(bills / np.maximum(total, 1), TIER_CUTS))
    return activity.pair_supplier, tiers[0] != tiers[1], activity.pair_consignee


def _flags(activity: Activity, method: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if method == BOOTSTRAP:
        return bootstrap_flags(activity)
    return tier_flags(activity) if method == TIER_CHANGE else flags(activity, method)


def finder(method: str) -> Callable[..., pa.Table]:
    """A finder by one of DESIGNS."""

    def find(table: pa.Table, *, week: int, likely_same: pa.Table, **_: object) -> pa.Table:
        activity = read(table, week=week, weeks=HISTORY, likely_same=likely_same)
        supplier, flagged, driver = _flags(activity, method)
        shown = np.flatnonzero(flagged & (driver != UNNAMED))
        return findings.table(
            len(shown),
            {
                "alert_type": TIER_CROSSED if method == TIER_CHANGE else MIX_SHIFTED,
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
