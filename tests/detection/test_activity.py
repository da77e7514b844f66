"""Activity as arrays: order, sums, names that mean the same, how long customers are silent."""

import numpy as np
import pyarrow as pa
import pytest

from pipeline.detection.activity import UNNAMED, read
from pipeline.detection.events.silence import silences
from pipeline.detection.ledger import Ledger
from tests.detection.made import WEEK, WEEKS, regular, rows


def test_rows_of_a_week_add_up_and_are_sorted_by_supplier_customer_and_week() -> None:
    table = rows([9, 4, 4, 4, 4], [7, -1, 3, 3, -1], [WEEK, WEEK, WEEK - 1, WEEK - 1, WEEK - 9], [1, 2, 3, 4, 5])
    given = read(table, week=WEEK, weeks=5)
    assert given.suppliers[given.pair_supplier].tolist() == [4, 4, 9]
    assert given.pair_consignee.tolist() == [UNNAMED, 0, 1]
    assert given.week.tolist() == [4, 3, 4]
    assert given.bills.tolist() == [2, 7, 1]


def test_bills_are_freed_of_their_market_within_reason() -> None:
    table = rows([1, 1], [2, 3], [WEEK, WEEK], [8, 8], np.array([2.0, 1000.0]))
    assert read(table, week=WEEK, weeks=5).net.tolist() == [4.0, 2.0]


def test_sums_of_a_ledger_are_those_of_the_rows() -> None:
    table = regular(4, seed=8)
    given = read(table, week=WEEK, weeks=WEEKS)
    ledger = Ledger(given)
    frame = table.to_pandas()
    rng = np.random.default_rng(2)
    pair = rng.integers(0, len(given.pair_supplier), 40)
    low = rng.integers(0, WEEKS, 40)
    high = np.minimum(low + rng.integers(0, 60, 40), WEEKS - 1)
    supplier = given.pair_supplier[pair]
    found = ledger.customer(pair, low, high), ledger.supplier(supplier, low, high), ledger.unnamed(supplier, low, high)
    first = WEEK - WEEKS + 1
    for number, (p, s, a, b) in enumerate(zip(pair, supplier, low, high, strict=True)):
        own = frame[(frame.supplier_key == s) & frame.week_number.between(first + a, first + b)]
        consignee = given.pair_consignee[p]
        key = None if consignee == UNNAMED else given.consignees[consignee]
        of = own.consignee_key.isna() if key is None else own.consignee_key == key
        assert found[0][number] == own[of].bills.sum()
        assert found[1][number] == own.bills.sum()
        assert found[2][number] == own[own.consignee_key.isna()].bills.sum()
    assert ledger.supplier(np.array([0]), np.array([9]), np.array([8])).tolist() == [0.0]


def test_alike_names_join_in_a_chain_where_one_follows_the_other() -> None:
    table = rows([1] * 4, [10, 11, 12, 13], [WEEK - 30, WEEK - 20, WEEK - 10, WEEK - 10], [1, 1, 1, 1])
    alike = pa.table({"consignee_key": pa.array([12, 10, 13]), "other_key": pa.array([11, 11, 12])})
    given = read(table, week=WEEK, weeks=50, likely_same=alike)
    # 10 -> 11 -> 12; 13 begins with 12, so both may be there.
    assert given.consignees[given.pair_consignee].tolist() == [10, 13]
    assert np.bincount(given.pair, given.bills).tolist() == [3.0, 1.0]


def test_a_silence_counts_as_far_as_the_others_ship() -> None:
    weeks = np.arange(WEEK - 79, WEEK + 1)
    one = weeks[weeks <= WEEK - 10]
    # The other customer ships ten bills a week, and stops in four of the ten weeks.
    other = weeks[(weeks <= WEEK - 6) | (weeks > WEEK - 2)]
    table = rows(
        np.ones(len(one) + len(other)),
        np.r_[np.full(len(one), 5), np.full(len(other), 6)],
        np.r_[one, other],
        np.r_[np.full(len(one), 3), np.full(len(other), 10)],
    )
    given = read(table, week=WEEK, weeks=80)
    found = silences(given, [79, 75])
    (row,) = [n for n in range(len(found.pair)) if given.consignees[given.pair_consignee[found.pair[n]]] == 5]
    assert not found.ended[row]
    # Six of the others' bookings stand for their usual pace: (60 + 60) / (100 + 60) of ten weeks, 100 / 120 of six.
    assert found.weeks[row] == pytest.approx(7.5)
    assert found.weeks_at[row].tolist() == pytest.approx([7.5, 5])
    assert found.own_longest[row] == 0
    assert found.share[row] == pytest.approx(3 / 13, abs=0.01)
    assert found.worth[row] > 20
