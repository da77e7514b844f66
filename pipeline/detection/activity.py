"""The suppliers' weekly activity as arrays: sorted by supplier, customer and week, one customer under one key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.thresholds import threshold

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Reals = npt.NDArray[np.floating[Any]]
"""Of any width: large tables have half of it."""
Bools = npt.NDArray[np.bool_]

MOST_MISSING: Final = threshold("window_missing")
UNNAMED: Final = -1
"""Index of all bills of a supplier whose customer has no name."""
INDEX_RANGE: Final = (1 / threshold("market_most"), threshold("market_most"))
"""A market that seems to have moved further than fourfold is a thin one."""
OVERLAP_WEEKS: Final = int(threshold("likely_same_weeks"))
"""So long the old and the new name of one firm may both be used."""


@dataclass(frozen=True)
class Activity:
    """Rows sorted by pair and week; pairs sorted by supplier, then customer, the unnamed one first.

    Attributes:
        first_week: week number of week 0.
        weeks: how many weeks there are; the last one is the newest.
        suppliers: supplier key by index.
        consignees: consignee key by index.
        pair_supplier: per pair, index of its supplier.
        pair_consignee: per pair, index of its customer, or UNNAMED.
        pair: per row, its pair.
        week: per row, 0 is `first_week`.
        bills: per row.
        net: per row, bills net of the market: what they would be had the pair's market stood at its mean.
        volume: per row, in the supplier's unit; bills where the table has no volume.
        missing: per week, the part of its records that is missing, 0..1.
    """

    first_week: int
    weeks: int
    suppliers: Ints
    consignees: Ints
    pair_supplier: Ints
    pair_consignee: Ints
    pair: Ints
    week: Ints
    bills: Floats
    net: Floats
    volume: Floats
    missing: Floats

    def lacks(self, low: Ints, high: Ints) -> Bools:
        """Whether over a tenth of the records of the weeks `low` to `high` are missing, both included."""
        run = np.r_[0.0, np.cumsum(self.missing)]
        low, high = np.clip(low, 0, self.weeks), np.clip(high, -1, self.weeks - 1)
        return np.asarray(run[high + 1] - run[np.minimum(low, high + 1)] > MOST_MISSING * np.maximum(high - low + 1, 1))

    def of_suppliers(self, kept: Bools) -> Activity:
        """The same, pairs and rows of some suppliers only (keys keep their indexes)."""
        pairs = kept[self.pair_supplier]
        rows = pairs[self.pair]
        return replace(
            self,
            pair_supplier=self.pair_supplier[pairs],
            pair_consignee=self.pair_consignee[pairs],
            pair=(np.cumsum(pairs) - 1)[self.pair[rows]],
            week=self.week[rows],
            bills=self.bills[rows],
            net=self.net[rows],
            volume=self.volume[rows],
        )


def read(
    table: pa.Table,
    *,
    week: int,
    weeks: int,
    likely_same: pa.Table | None = None,
    incomplete: Mapping[int, float] | None = None,
) -> Activity:
    """Sort a `week_activity` table.

    Args:
        table: as for `detect.detect`.
        week: the newest week.
        weeks: how many weeks up to it to take.
        likely_same: as for `detect.detect`.
        incomplete: part of the records that is missing, by week that lacks some.
    """
    first_week = week - weeks + 1
    at = table["week_number"].to_numpy().astype(np.int64) - first_week
    kept = (at >= 0) & (at < weeks)
    suppliers, supplier = _ranked(table["supplier_key"].to_numpy()[kept])
    named = table["consignee_key"].is_valid().to_numpy()[kept]
    keys = table["consignee_key"].fill_null(0).to_numpy()[kept].astype(np.int64)
    consignees, of_named = _ranked(keys[named])
    consignee = np.full(len(keys), UNNAMED, dtype=np.int64)
    consignee[named] = of_named
    bills = table["bills"].to_numpy()[kept].astype(np.float64)
    index = table["market_index"].fill_null(1.0).to_numpy()[kept].astype(np.float64)
    net = bills / np.clip(index, *INDEX_RANGE)
    volume = table["volume"].to_numpy()[kept].astype(np.float64) if "volume" in table.column_names else bills
    missing = np.zeros(weeks)
    for each, part in (incomplete or {}).items():
        if first_week <= each <= week:
            missing[each - first_week] = min(part, 1.0)
    amounts = (bills, net, volume)
    made = _sorted(first_week, suppliers, consignees, supplier, consignee, at[kept], amounts, missing)
    return made if likely_same is None or not likely_same.num_rows else _joined(made, likely_same)


def _ranked(keys: Ints) -> tuple[Ints, Ints]:
    """Return the different keys in order, and per row the rank of its key; by hashes, as sorting all rows is slow."""
    encoded = pa.array(keys).dictionary_encode()
    values = encoded.dictionary.to_numpy()
    order = np.argsort(values)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return values[order], rank[encoded.indices.to_numpy()]


def _sorted(
    first_week: int,
    suppliers: Ints,
    consignees: Ints,
    supplier: Ints,
    consignee: Ints,
    at: Ints,
    amounts: tuple[Floats, Floats, Floats],
    missing: Floats,
) -> Activity:
    weeks, width = len(missing), len(consignees) + 1
    code = (supplier * width + consignee + 1) * weeks + at
    order = np.argsort(code, kind="stable")
    code = code[order]
    begins = np.flatnonzero(np.r_[True, code[1:] != code[:-1]]) if len(code) else np.zeros(0, dtype=np.int64)
    code = code[begins]
    bills, net, volume = (np.add.reduceat(values[order], begins) if len(begins) else values for values in amounts)
    whole = code // weeks
    fresh = np.r_[True, whole[1:] != whole[:-1]] if len(whole) else np.zeros(0, dtype=bool)
    pairs = whole[fresh]
    return Activity(
        first_week,
        weeks,
        suppliers,
        consignees,
        pairs // width,
        pairs % width - 1,
        np.cumsum(fresh) - 1,
        code % weeks,
        bills,
        net,
        volume,
        missing,
    )


def _joined(given: Activity, likely_same: pa.Table) -> Activity:
    """Within a supplier, put two like names under the older key where one ends about when the other starts."""
    one, other = (positions(given.consignees, likely_same[name].to_numpy()) for name in ("consignee_key", "other_key"))
    known = (one >= 0) & (other >= 0)
    one, other = np.concatenate([one[known], other[known]]), np.concatenate([other[known], one[known]])
    begin = np.flatnonzero(np.r_[True, given.pair[1:] != given.pair[:-1]]) if len(given.pair) else given.pair
    first, last = given.week[begin], given.week[np.r_[begin[1:], len(given.pair)] - 1] if len(begin) else given.week
    order = np.argsort(one, kind="stable")
    one, other = one[order], other[order]
    low = np.searchsorted(one, given.pair_consignee, side="left")
    high = np.searchsorted(one, given.pair_consignee, side="right")
    repeats = high - low
    pair = np.repeat(np.arange(len(repeats)), repeats)
    step = np.arange(len(pair)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    alike = other[np.repeat(low, repeats) + step]
    width = len(given.consignees) + 1
    codes = given.pair_supplier * width + given.pair_consignee
    wanted = given.pair_supplier[pair] * width + alike
    index = np.minimum(np.searchsorted(codes, wanted), max(len(codes) - 1, 0))
    follows = (codes[index] == wanted) & (first[index] > first[pair]) & (first[index] >= last[pair] - OVERLAP_WEEKS)
    target = np.arange(len(codes))
    target[index[follows]] = pair[follows]
    while not np.array_equal(target, target[target]):
        target = target[target]
    rows = target[given.pair]
    return _sorted(
        given.first_week,
        given.suppliers,
        given.consignees,
        given.pair_supplier[rows],
        given.pair_consignee[rows],
        given.week,
        (given.bills, given.net, given.volume),
        given.missing,
    )


def positions(sorted_keys: Ints, wanted: Ints) -> Ints:
    """Index of each wanted key among sorted ones; -1 where it is missing."""
    if not len(sorted_keys):
        return np.full(len(wanted), -1, dtype=np.int64)
    index = np.minimum(np.searchsorted(sorted_keys, wanted), len(sorted_keys) - 1)
    return np.where(sorted_keys[index] == wanted, index, -1)
