"""Suppliers with regular customers, as a table of weekly activity that a test changes in a few words."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

WEEK = 2930
WEEKS = 130


def regular(
    suppliers: int,
    customers: int = 5,
    bills: float = 4.0,
    *,
    seed: int = 1,
    unnamed: float = 1.0,
    season: np.ndarray | None = None,
) -> pa.Table:
    """Customers with Poisson bills each week, the first the most; none has two suppliers; `season` is by week."""
    rng = np.random.default_rng(seed)
    rate = bills / np.arange(1, customers + 1)
    pace = np.ones(WEEKS) if season is None else season
    counts = rng.poisson(np.r_[unnamed, rate] * pace[:, None], (suppliers, WEEKS, customers + 1))
    supplier, week, customer = np.nonzero(counts)
    return rows(
        supplier,
        np.where(customer > 0, supplier * 100 + customer, -1),
        week + WEEK - WEEKS + 1,
        counts[supplier, week, customer],
    )


def rows(
    supplier: np.ndarray, consignee: np.ndarray, week: np.ndarray, bills: np.ndarray, index: np.ndarray | None = None
) -> pa.Table:
    """Activity; a consignee of -1 has no name."""
    return pa.table(
        {
            "supplier_key": pa.array(np.asarray(supplier, dtype=np.int64)),
            "consignee_key": pa.array(np.asarray(consignee, dtype=np.int64), mask=np.asarray(consignee) < 0),
            "week_number": pa.array(np.asarray(week, dtype=np.int32)),
            "bills": pa.array(np.asarray(bills, dtype=np.int32)),
            "market_index": pa.array(np.ones(len(np.asarray(bills))) if index is None else index),
        }
    )


def columns(table: pa.Table) -> dict[str, np.ndarray]:
    """Its columns as `rows` takes them."""
    return {
        "supplier": table["supplier_key"].to_numpy(),
        "consignee": table["consignee_key"].fill_null(-1).to_numpy(),
        "week": table["week_number"].to_numpy(),
        "bills": table["bills"].to_numpy(),
        "index": table["market_index"].to_numpy(),
    }


def without(table: pa.Table, supplier: int, consignee: int, since: int) -> pa.Table:
    """The same, a customer silent since a week."""
    given = columns(table)
    gone = (given["supplier"] == supplier) & (given["consignee"] == consignee) & (given["week"] >= since)
    return table.filter(pa.array(~gone))


def renamed(table: pa.Table, supplier: int, consignee: int, to: int, since: int) -> pa.Table:
    """The same, a customer under another key (-1: none) since a week."""
    given = columns(table)
    moved = (given["supplier"] == supplier) & (given["consignee"] == consignee) & (given["week"] >= since)
    given["consignee"] = np.where(moved, to, given["consignee"])
    return rows(*given.values())
