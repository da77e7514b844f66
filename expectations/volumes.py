"""Volumes: row counts against the same weekday of the trailing weeks, and against the day's own last load."""

from __future__ import annotations

from typing import Final

from expectations.rules import ALL_TABLES, RATIO, Suite, at_least, at_most

TRAILING_WEEKS: Final = 8
"""Two months: short enough to follow a season, long enough for a median that one bad day does not move."""
LEAST_WEEKS: Final = 4
"""Fewer known weeks are no measure."""
FEW_WARN: Final = 0.5
MANY_WARN: Final = 2.0
"""Lunar New Year and strikes move a week by a third; half or twice wants a look."""
FEW_BLOCK: Final = 0.1
"""A tenth of the usual rows is a cut file. Compared within a calendar year only: cumulative files start again in
January with next to nothing."""
REPUBLISHED_WARN: Final = 1.0
"""A corrected release replaces the day's rows: any loss is told."""
REPUBLISHED_BLOCK: Final = 0.1
"""A correction that takes nine rows in ten away is a cut file; the rows loaded before stay in force."""

_PUBLISHED: Final = "compare with the source's own count; a cut file is to be published again"

SUITE: Final = Suite(
    "volumes",
    "as many rows as the trailing weeks and the day's last load let expect",
    (
        at_least(
            "rows_against_weeks",
            FEW_WARN,
            tables=ALL_TABLES,
            unit=RATIO,
            blocks=False,
            says="rows against the same weekday of the trailing weeks",
            advice=_PUBLISHED,
        ),
        at_most(
            "rows_against_weeks",
            MANY_WARN,
            tables=ALL_TABLES,
            unit=RATIO,
            blocks=False,
            says="rows against the same weekday of the trailing weeks",
            advice="look whether the file holds several days or rows twice",
        ),
        at_least(
            "rows_against_weeks_of_year",
            FEW_BLOCK,
            tables=ALL_TABLES,
            unit=RATIO,
            blocks=True,
            says="rows against the same weekday of this year's trailing weeks",
            advice=_PUBLISHED,
        ),
        at_least(
            "rows_against_last_load",
            REPUBLISHED_WARN,
            tables=ALL_TABLES,
            unit=RATIO,
            blocks=False,
            says="rows against the load of this day that it replaces",
            advice="ask the source why rows were taken back; the bytes replaced lie in landing's superseded folder",
        ),
        at_least(
            "rows_against_last_load",
            REPUBLISHED_BLOCK,
            tables=ALL_TABLES,
            unit=RATIO,
            blocks=True,
            says="rows against the load of this day that it replaces",
            advice="the rows loaded before stay in force; " + _PUBLISHED,
        ),
    ),
)
