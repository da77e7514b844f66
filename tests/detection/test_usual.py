"""Designs that alerts are compared with do what their names say."""

import numpy as np
import pyarrow as pa

from bench.alerts.usual import bootstrap_flags, tier_flags
from pipeline.detection.activity import Activity, read
from tests.detection.made import WEEK, columns, regular, rows


def _read(table: pa.Table) -> Activity:
    return read(table, week=WEEK, weeks=130)


def _taken_over(weeks: int) -> pa.Table:
    """Of suppliers 0 and 1, all bills of these newest weeks belong to customer 5 of the supplier."""
    given = columns(regular(20, bills=10))
    new = (given["supplier"] < 2) & (given["week"] > WEEK - weeks)
    given["consignee"] = np.where(new, given["supplier"] * 100 + 5, given["consignee"])
    return rows(**given)


def test_bootstrap_of_own_weeks_flags_a_takeover_and_not_most_others() -> None:
    supplier, flagged, _ = bootstrap_flags(_read(_taken_over(8)))
    assert flagged[np.isin(supplier, [0, 1])].all()
    assert flagged.sum() <= 4


def test_tier_change_flags_customers_whose_tier_is_not_last_weeks() -> None:
    weeks = np.arange(WEEK - 51, WEEK + 1)
    steady, new = np.full(52, 1), np.full(30, 2)
    table = rows(np.zeros(82), np.r_[steady, new], np.r_[weeks, np.full(30, WEEK)], np.ones(82))
    activity = _read(table)
    _, changed, customer = tier_flags(activity)
    assert activity.consignees[customer[changed]].tolist() == [2]
