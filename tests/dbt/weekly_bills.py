"""Bills of the worlds that measures are worked out on by hand, and a row's figures."""

from __future__ import annotations

from typing import Any

from tests.dbt.weekly_world import Bill, Row, World, spread_bills

SMALL, LARGE = "small", "large"
NEAR = 1e-9


def two_customers(**changes: Any) -> World:
    """The worked example of METRICS.md: 999 and 49,999 units of one supplier, on twelve bills each."""
    bills = spread_bills(Bill(consignee=SMALL), "999") + spread_bills(Bill(consignee=LARGE), "49999")
    return World(level_halves(bills), **changes)


def level_halves(bills: list[Bill]) -> list[Bill]:
    """Six of twelve bills in each half of the year: the supplier grows and shrinks by rounding only."""
    return [bill.but(weeks_ago=bill.weeks_ago if bill.weeks_ago < 24 else bill.weeks_ago + 4) for bill in bills]


def weekly_bills(bill: Bill, teu: str) -> list[Bill]:
    """`teu` in a bill each week of the year."""
    return spread_bills(bill, teu, 52, 1)


def of(row: Row, *names: str) -> list[Any]:
    return [row[name] for name in names]
