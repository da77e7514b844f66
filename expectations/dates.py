"""Dates: run dates and arrivals against the release day."""

from __future__ import annotations

from typing import Final

from expectations.rules import COUNT, SHARE, Suite, at_most

RUN_DATE_SLACK_DAYS: Final = 1
"""A feed may stamp its folder in another time zone than customs stamps its run date."""
RUN_DATE_AGE_DAYS: Final = 400
"""A cumulative file goes back to 1 January, and the first of a year may hold the last weeks of the old one."""
OLD_RUN_DATES_WARN: Final = 0.01
ARRIVAL_BEFORE_DAYS: Final = 400
ARRIVAL_AFTER_DAYS: Final = 120
"""An arrival outside run date -400 ... +120 days is suspect; the bill is kept and flagged."""
MISSING_ARRIVALS_WARN: Final = 0.05
SUSPECT_ARRIVALS_WARN: Final = 0.02
"""Years off in some rows of real files, far less than one in fifty."""
ARRIVALS_BLOCK: Final = 0.50
"""Half of the arrivals unusable: the date columns are read wrongly, and no bill would fall into its week."""

_ARRIVAL_FORM: Final = "look at the values set aside (aside folder): the form of the date columns has changed"

SUITE: Final = Suite(
    "dates",
    "no run date after the release day, arrivals near their run date",
    (
        at_most(
            "run_dates_after_release",
            0,
            tables=("billgen",),
            unit=COUNT,
            blocks=False,
            says="rows with a run date after the release day",
            advice="look whether the feed names its folders by another day than its run date",
        ),
        at_most(
            "run_dates_in_future",
            0,
            tables=("billgen",),
            unit=COUNT,
            blocks=True,
            says=f"rows with a run date more than {RUN_DATE_SLACK_DAYS} day after the release day",
            advice="one such row would close weeks that are still open: have the source correct it",
        ),
        at_most(
            "old_run_dates",
            OLD_RUN_DATES_WARN,
            tables=("billgen",),
            unit=SHARE,
            blocks=False,
            says=f"rows with a run date over {RUN_DATE_AGE_DAYS} days before the release day",
            advice="look whether an old file was published under this day",
        ),
        at_most(
            "missing_arrivals",
            MISSING_ARRIVALS_WARN,
            tables=("header",),
            unit=SHARE,
            blocks=False,
            says="bills without an arrival date",
            advice=_ARRIVAL_FORM,
        ),
        at_most(
            "missing_arrivals",
            ARRIVALS_BLOCK,
            tables=("header",),
            unit=SHARE,
            blocks=True,
            says="bills without an arrival date",
            advice=_ARRIVAL_FORM,
        ),
        at_most(
            "suspect_arrivals",
            SUSPECT_ARRIVALS_WARN,
            tables=("header",),
            unit=SHARE,
            blocks=False,
            says=f"arrivals outside run date -{ARRIVAL_BEFORE_DAYS} ... +{ARRIVAL_AFTER_DAYS} days",
            advice=_ARRIVAL_FORM,
        ),
        at_most(
            "suspect_arrivals",
            ARRIVALS_BLOCK,
            tables=("header",),
            unit=SHARE,
            blocks=True,
            says=f"arrivals outside run date -{ARRIVAL_BEFORE_DAYS} ... +{ARRIVAL_AFTER_DAYS} days",
            advice=_ARRIVAL_FORM,
        ),
    ),
)
