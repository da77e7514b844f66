"""Dates: run dates and arrivals against the release day."""

from __future__ import annotations

from typing import Final

from expectations.rules import SHARE, Measure, Suite

RUN_DATE_SLACK_DAYS: Final = 1
"""A feed may stamp its folder in another time zone than customs stamps its run date."""
RUN_DATE_AGE_DAYS: Final = 400
"""A cumulative file goes back to 1 January, and the first of a year may have the last weeks of the old one."""
OLD_RUN_DATES_WARN: Final = 0.01
ARRIVAL_BEFORE_DAYS: Final = 400
ARRIVAL_AFTER_DAYS: Final = 120
"""An arrival outside run date -400 ... +120 days is suspect; the bill is loaded and flagged."""
MISSING_ARRIVALS_WARN: Final = 0.05
SUSPECT_ARRIVALS_WARN: Final = 0.02
"""Years off in some rows of real files, far less than one in fifty."""
ARRIVALS_BLOCK: Final = 0.50
"""Half of the arrivals unusable: the date columns are read wrongly, and no bill would fall into its week."""

_AFTER_RELEASE: Final = Measure("run_dates_after_release", ("billgen",), "rows with a run date after the release day")
_IN_FUTURE: Final = Measure(
    "run_dates_in_future",
    ("billgen",),
    f"rows with a run date more than {RUN_DATE_SLACK_DAYS} day after the release day",
)
_OLD: Final = Measure(
    "old_run_dates",
    ("billgen",),
    f"rows with a run date over {RUN_DATE_AGE_DAYS} days before the release day",
    SHARE,
)
_MISSING: Final = Measure("missing_arrivals", ("header",), "bills without an arrival date", SHARE)
_SUSPECT: Final = Measure(
    "suspect_arrivals",
    ("header",),
    f"arrivals outside run date -{ARRIVAL_BEFORE_DAYS} ... +{ARRIVAL_AFTER_DAYS} days",
    SHARE,
)

_ARRIVAL_FORM: Final = "look at the values set aside (aside folder): the form of the date columns has changed"

SUITE: Final = Suite(
    "dates",
    "no run date after the release day, arrivals near their run date",
    (
        _AFTER_RELEASE.at_most(
            0, blocks=False, advice="check whether the feed names its folders by another day than its run date"
        ),
        _IN_FUTURE.at_most(
            0, blocks=True, advice="one such row would close weeks that are still open: have the source correct it"
        ),
        _OLD.at_most(OLD_RUN_DATES_WARN, blocks=False, advice="check whether an old file was published under this day"),
        _MISSING.at_most(MISSING_ARRIVALS_WARN, blocks=False, advice=_ARRIVAL_FORM),
        _MISSING.at_most(ARRIVALS_BLOCK, blocks=True, advice=_ARRIVAL_FORM),
        _SUSPECT.at_most(SUSPECT_ARRIVALS_WARN, blocks=False, advice=_ARRIVAL_FORM),
        _SUSPECT.at_most(ARRIVALS_BLOCK, blocks=True, advice=_ARRIVAL_FORM),
    ),
)
