"""Volumes: row counts against the same weekday of the trailing weeks, and against the day's own last load."""

from __future__ import annotations

from typing import Final

from expectations.rules import ALL_TABLES, RATIO, Measure, Suite

TRAILING_WEEKS: Final = 8
"""Two months: short enough to follow a season, long enough for a median that one bad day does not move."""
LEAST_WEEKS: Final = 4
"""Fewer known weeks are no measure."""
FEW_WARN: Final = 0.5
MANY_WARN: Final = 2.0
"""Lunar New Year and strikes move a week by a third; half or twice needs a look."""
FEW_BLOCK: Final = 0.1
"""A tenth of the usual rows is a cut file. Compared within a calendar year only: cumulative files start again in
January with next to nothing."""
REPUBLISHED_WARN: Final = 1.0
"""A corrected release replaces the day's rows: any loss is reported."""
REPUBLISHED_BLOCK: Final = 0.1
"""A correction that takes nine rows in ten away is a cut file; the rows loaded before stay in force."""

_AGAINST_WEEKS: Final = Measure(
    "rows_against_weeks", ALL_TABLES, "rows against the same weekday of the trailing weeks", RATIO
)
_AGAINST_WEEKS_OF_YEAR: Final = Measure(
    "rows_against_weeks_of_year", ALL_TABLES, "rows against the same weekday of this year's trailing weeks", RATIO
)
_AGAINST_LAST_LOAD: Final = Measure(
    "rows_against_last_load", ALL_TABLES, "rows against the load of this day that it replaces", RATIO
)

_PUBLISHED: Final = "compare with the source's own count; a cut file is to be published again"

SUITE: Final = Suite(
    "volumes",
    "as many rows as the trailing weeks and the day's last load let expect",
    (
        _AGAINST_WEEKS.at_least(FEW_WARN, blocks=False, advice=_PUBLISHED),
        _AGAINST_WEEKS.at_most(MANY_WARN, blocks=False, advice="check whether the file has several days or rows twice"),
        _AGAINST_WEEKS_OF_YEAR.at_least(FEW_BLOCK, blocks=True, advice=_PUBLISHED),
        _AGAINST_LAST_LOAD.at_least(
            REPUBLISHED_WARN,
            blocks=False,
            advice="ask the source why rows were withdrawn; the replaced files are in landing's superseded folder",
        ),
        _AGAINST_LAST_LOAD.at_least(
            REPUBLISHED_BLOCK, blocks=True, advice="the rows loaded before stay in force; " + _PUBLISHED
        ),
    ),
)
