"""Lines crossed on evidence: tiers of customers and concentration of suppliers."""

import numpy as np
import pyarrow as pa

from pipeline.detection.detect import detect
from pipeline.detection.episodes import EPISODE
from pipeline.detection.findings import CONCENTRATION_CROSSED, CUSTOMER_LOST, TIER_CROSSED
from tests.detection.made import WEEK, columns, regular, renamed, rows

Line = tuple[str, int, int | None, str]


def lines(table: pa.Table, **given: object) -> list[Line]:
    """Type, supplier, customer and line of what fires."""
    found = detect(table, week=WEEK, earlier_weeks=0, **given)  # type: ignore[arg-type]
    shown = found.filter(found["fires"]).select(["alert_type", "supplier_key", "consignee_key", "threshold"])
    return [tuple(row.values()) for row in shown.to_pylist() if row["alert_type"].endswith("crossed")]


def times(table: pa.Table, supplier: int, consignee: int, factor: float, since: int) -> pa.Table:
    """The same, a customer with so many times its bills since a week."""
    given = columns(table)
    of = (given["supplier"] == supplier) & (given["consignee"] == consignee) & (given["week"] >= since)
    bills = np.where(of, np.ceil(factor * given["bills"]), given["bills"])
    return rows(given["supplier"], given["consignee"], given["week"], bills)


def test_a_quiet_supplier_crosses_no_line() -> None:
    assert lines(regular(60)) == []


def test_a_customer_that_grew_crosses_a_line_on_evidence() -> None:
    grown = times(regular(60), 3, 305, 12, WEEK - 25)
    assert (TIER_CROSSED, 3, 305, "B>A") in lines(grown)
    assert {line[1] for line in lines(grown)} == {3}


def test_one_large_booking_crosses_no_line() -> None:
    given = columns(regular(60))
    order = rows(np.full(1, 3), np.full(1, 305), np.full(1, WEEK - 2), np.full(1, 60))
    assert lines(pa.concat_tables([rows(*given.values()), order])) == []


def test_a_share_within_the_band_crosses_no_line() -> None:
    assert lines(times(regular(60), 3, 303, 1.3, WEEK - 30)) == []


def test_concentration_is_crossed_by_all_customers_together() -> None:
    even = regular(60, customers=12, bills=3)
    flat = columns(even)
    flat["bills"] = np.ones(len(flat["bills"]))
    even = rows(*flat.values())
    found = lines(times(even, 3, 301, 12, WEEK - 25))
    assert (CONCENTRATION_CROSSED, 3, None, "hhi_0.18_up") in found


def test_a_customer_that_was_lost_slides_down_without_lines() -> None:
    given = columns(regular(60))
    gone = (given["supplier"] == 3) & (given["consignee"] == 301) & (given["week"] > WEEK - 38)
    last = rows(np.full(1, 3), np.full(1, 301), np.full(1, WEEK - 20), np.full(1, 1))
    left = pa.concat_tables([rows(*(values[~gone] for values in given.values())), last])
    assert any(line[2] == 301 for line in lines(left))
    lost = {
        "alert_type": CUSTOMER_LOST,
        "supplier_key": 3,
        "consignee_key": 301,
        "threshold": "",
        "first_window_end": WEEK - 15,
        "notified_week": WEEK - 15,
        "phase": "open",
        "weeks_running": 0,
        "weeks_quiet": 0,
    }
    assert not any(line[2] == 301 for line in lines(left, open_=pa.Table.from_pylist([lost], EPISODE)))


def test_a_customer_under_another_name_crosses_no_line() -> None:
    assert [line for line in lines(renamed(regular(60), 3, 301, 399, WEEK - 25)) if line[2] in (301, 399)] == []
