"""Suppliers and weeks of the past whose mix is known to have changed: no reference for what chance brings."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from pipeline.detection.activity import UNNAMED, Activity, Bools, Ints
from pipeline.detection.events.silence import Silences
from pipeline.detection.events.takeover import Starts
from pipeline.detection.ledger import Ledger
from pipeline.thresholds import YEAR_WEEKS

LEAST_SHARE: Final = 0.10
"""Of the customer that came or went: one under it moves a mix no further than chance often does."""
SEEN_WEEKS: Final = 13
"""Weeks over which a new customer's share is taken, and the longest window that shows a change."""


class Changes(NamedTuple):
    """When suppliers' mixes changed.

    Attributes:
        supplier: index.
        week: index of the first week of the change.
    """

    supplier: Ints
    week: Ints


def changes(activity: Activity, ledger: Ledger, began: Starts, silent: Silences, worth: float) -> Changes:
    """Customers with a share that went for good, by the line `worth`, or came."""
    gone = np.flatnonzero(
        ~silent.ended & (silent.worth >= worth) & (silent.weeks > silent.own_longest) & (silent.share >= LEAST_SHARE)
    )
    new = np.flatnonzero((activity.pair_consignee != UNNAMED) & (began.run >= YEAR_WEEKS))
    supplier, run = activity.pair_supplier[new], began.run[new]
    share = ledger.customer(new, run, run + SEEN_WEEKS - 1)
    share /= np.maximum(ledger.supplier(supplier, run, run + SEEN_WEEKS - 1), 1)
    came = share >= LEAST_SHARE
    return Changes(
        np.concatenate([activity.pair_supplier[silent.pair[gone]], supplier[came]]),
        np.concatenate([silent.last[gone] + 1, run[came]]),
    )


def spoilt(given: Changes, supplier: Ints, at: Ints) -> Bools:
    """Return per supplier (indexes, ascending) and week whether a window or its year has a change before its end."""
    row = np.searchsorted(supplier, given.supplier)
    known = np.flatnonzero((row < len(supplier)) & (supplier[np.minimum(row, len(supplier) - 1)] == given.supplier))
    after = at[None, :] - given.week[known][:, None]
    out = np.zeros((len(supplier), len(at)), dtype=bool)
    np.logical_or.at(out, row[known], (after >= 0) & (after < YEAR_WEEKS + SEEN_WEEKS))
    return out
