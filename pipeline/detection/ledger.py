"""Sums of bills between two weeks, for any customers and suppliers at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipeline.detection.activity import UNNAMED, Activity, Floats, Ints


class Ledger:
    """Running sums over the rows of an activity, by customer and by supplier."""

    def __init__(self, activity: Activity) -> None:
        """Sum once; each question is then two searches."""
        self._weeks = activity.weeks
        self._pair = activity.pair * activity.weeks + activity.week
        self._pair_run = np.r_[0.0, np.cumsum(activity.bills)]
        self._pair_square_run = np.r_[0.0, np.cumsum(activity.bills**2)]
        code = activity.pair_supplier[activity.pair] * activity.weeks + activity.week
        order = np.argsort(code, kind="stable")
        self._supplier = code[order]
        self._supplier_run = np.r_[0.0, np.cumsum(activity.bills[order])]
        follows = np.r_[False, self._pair[1:] == self._pair[:-1] + 1] & (activity.week > 0)
        before = np.where(follows, np.r_[0.0, activity.bills[:-1]], 0)
        self._square_run = np.r_[0.0, np.cumsum((activity.bills * (activity.bills - before))[order])]
        self._first = np.full(len(activity.suppliers), activity.weeks, dtype=np.int64)
        np.minimum.at(self._first, activity.pair_supplier[activity.pair], activity.week)
        self._unnamed = np.full(len(activity.suppliers), -1, dtype=np.int64)
        hidden = np.flatnonzero(activity.pair_consignee == UNNAMED)
        self._unnamed[activity.pair_supplier[hidden]] = hidden

    def customer(self, pair: Ints, low: Ints, high: Ints) -> Floats:
        """Bills of pairs in the weeks `low` to `high`, both included; 0 for pair -1."""
        sums = self._between(self._pair, self._pair_run, np.maximum(pair, 0), low, high)
        return np.where(pair >= 0, sums, 0.0)

    def supplier(self, supplier: Ints, low: Ints, high: Ints) -> Floats:
        """Bills of suppliers in the weeks `low` to `high`."""
        return self._between(self._supplier, self._supplier_run, supplier, low, high)

    def seen(self, supplier: Ints, low: Ints, high: Ints) -> Floats:
        """Weeks from `low` to `high` since the supplier's first bill; at least 1."""
        return np.asarray(np.maximum(high - np.maximum(low, self._first[supplier]) + 1, 1), dtype=np.float64)

    def phi(self, supplier: Ints, low: Ints, high: Ints) -> Floats:
        """Bills that come together: variance of customers' weekly bills by their mean; at least 1.

        Of products of neighbouring weeks, which hold what is steady: the plain sum of squares by the sum takes several
        orders of a large customer in one week for one.
        """
        squares = self._between(self._supplier, self._square_run, supplier, low, high)
        return np.maximum(squares / np.maximum(self.supplier(supplier, low, high), 1), 1)

    def lumps(self, pair: Ints, low: Ints, high: Ints) -> Floats:
        """Variance of pairs' weekly bills by their mean; at least 1: bills that come in one booking."""
        weeks = np.maximum(high - low + 1, 1)
        squares = self._between(self._pair, self._pair_square_run, np.maximum(pair, 0), low, high)
        mean = self.customer(pair, low, high) / weeks
        variance = np.where(pair >= 0, squares, 0) / weeks - mean**2
        return np.asarray(np.maximum(variance / np.maximum(mean, 1e-9), 1))

    def unnamed_pair(self, supplier: Ints) -> Ints:
        """The pair that stands for suppliers' bills without a name; -1."""
        return np.asarray(self._unnamed[supplier])

    def unnamed(self, supplier: Ints, low: Ints, high: Ints) -> Floats:
        """Bills of suppliers without a customer's name in the weeks `low` to `high`."""
        return self.customer(self._unnamed[supplier], low, high)

    def _between(
        self, codes: Ints, run: Floats, index: Ints, low: npt.NDArray[np.int64], high: npt.NDArray[np.int64]
    ) -> Floats:
        first = np.searchsorted(codes, index * self._weeks + np.clip(low, 0, self._weeks), side="left")
        last = np.searchsorted(codes, index * self._weeks + np.clip(high, -1, self._weeks - 1), side="right")
        return np.asarray(run[np.maximum(last, first)] - run[first])
