"""One row per named supplier and consignee: the sampling interval of its share, quantiles of a Beta distribution.

The engine has no such function, so the pairs' parameters go through scipy's inverse of the incomplete beta function
(Boost's, some 1e-15 of the value; docs/metrics.md) in one vectorised call.
"""

import numpy as np
import pyarrow as pa
from scipy.special import betaincinv

DIGITS = 9
"""Kept of a quantile: the same on every machine."""


def model(dbt, session):  # noqa: ARG001
    """Quantiles at both ends of the level, for Beta(x n / phi + 1/2, (1 - x) n / phi + 1/2)."""
    dbt.config(materialized="table")
    pairs = dbt.ref("week_pair_share").select("supplier_key, consignee_key, share, independent_bills").arrow()
    pairs = pairs.read_all() if isinstance(pairs, pa.RecordBatchReader) else pairs
    level = dbt.ref("week_rule").select("interval_level").fetchone()[0]
    share = pairs["share"].to_numpy()
    bills = pairs["independent_bills"].to_numpy()
    tail = (1 - float(level)) / 2
    ends = [interval_end(share, bills, point) for point in (tail, 1 - tail)]
    return pa.table(
        {
            "supplier_key": pairs["supplier_key"],
            "consignee_key": pairs["consignee_key"],
            "interval_low": pa.array(ends[0], from_pandas=True),
            "interval_high": pa.array(ends[1], from_pandas=True),
        }
    )


def interval_end(share: np.ndarray, bills: np.ndarray, point: float) -> np.ndarray:
    """The quantile at `point`; not a number where share or bills are none."""
    return np.round(betaincinv(share * bills + 0.5, (1 - share) * bills + 0.5, point), DIGITS)
