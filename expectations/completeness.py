"""Completeness: what a release brings as a whole."""

from __future__ import annotations

from typing import Final

from expectations.rules import COUNT, RELEASE, Suite, at_least, at_most

SUITE: Final = Suite(
    "completeness",
    "the required tables are there, with bills in them, and no usual table is missing",
    (
        at_most(
            "required_tables_absent",
            0,
            tables=(RELEASE,),
            unit=COUNT,
            blocks=True,
            says="required tables that are not staged",
            advice="wait until the source has published them and run the day again",
        ),
        at_least(
            "bills",
            1,
            tables=(RELEASE,),
            unit=COUNT,
            blocks=False,
            says="rows in the header table",
            advice="ask the source whether the day had no transactions",
        ),
        at_most(
            "usual_tables_absent",
            0,
            tables=(RELEASE,),
            unit=COUNT,
            blocks=False,
            says="tables that trailing weeks had and this day has not",
            advice="look whether the source still publishes them; their figures will be missing",
        ),
    ),
)
