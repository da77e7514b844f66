"""Completeness: what a release brings as a whole."""

from __future__ import annotations

from typing import Final

from expectations.rules import RELEASE, Measure, Suite

_REQUIRED_ABSENT: Final = Measure("required_tables_absent", (RELEASE,), "required tables that are not staged")
_BILLS: Final = Measure("bills", (RELEASE,), "rows in the header table")
_USUAL_ABSENT: Final = Measure("usual_tables_absent", (RELEASE,), "tables that trailing weeks had and this day has not")

SUITE: Final = Suite(
    "completeness",
    "the required tables are there, with bills in them, and no usual table is missing",
    (
        _REQUIRED_ABSENT.at_most(
            0, blocks=True, advice="wait until the source has published them and run the day again"
        ),
        _BILLS.at_least(1, blocks=False, advice="ask the source whether the day had no transactions"),
        _USUAL_ABSENT.at_most(
            0,
            blocks=False,
            advice="check whether the source still publishes them; their figures will be missing",
        ),
    ),
)
