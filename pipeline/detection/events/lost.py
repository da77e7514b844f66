"""Customers that stopped: `customer_lost`, or `went_dark` where bills without a name rose in step.

A silence is worth an alert when it is longer than any of the customer's own (the 99th percentile of a hundred gaps and
fewer) and so unlikely that, at past weeks of all suppliers, hardly any like it ended with a return. A shorter or
smaller one is an event all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.detection import findings
from pipeline.detection.activity import Activity, Floats, Reals
from pipeline.detection.bounds import share_bounds
from pipeline.detection.events.silence import LEAST_SHARE, LEAST_SILENT, Silences
from pipeline.detection.events.takeover import Starts, expected, hides, renamed, risen
from pipeline.detection.findings import CUSTOMER_LOST, LOST, RULE, SILENT, WATCH, WENT_DARK
from pipeline.detection.ledger import Ledger
from pipeline.thresholds import YEAR_WEEKS, threshold

LOST_WORTH: Final = -np.log(threshold("lost_chance"))
SILENT_WORTH: Final = -np.log(threshold("silent_chance"))
USUAL_LINE: Final = 9.0
"""Where nothing can be learnt: a customer of weekly gaps has half a hundred of them a year."""
LARGE_SHARE: Final = 0.15
"""Customers from here on have a line of their own: there are fewer of them, and each matters more."""
LINES: Final = np.arange(5.0, 25.0, 0.5)
"""Lines to choose from."""
TAIL_FROM: Final = 4.0
"""Ended silences from here on show how fast longer ones become rare."""
LEAST_TAIL: Final = 40
"""Ended silences beyond it, under which the usual line is the least."""
LEAST_FALL: Final = 0.5
"""Slowest decline of the tail: a slower one comes of few."""
FALSE_WORTH: Final = 9.0
"""True losses that a false one outweighs: nine of ten alerts shall be true."""
FALSE_A_YEAR: Final = 0.01
"""Silences a supplier-year that reach the line and end, at most: a sixteenth of what quiet suppliers may be alerted."""
IN_TIME: Final = 13
"""Weeks of a silence within which an alert of it is of use."""
NEWS_WEEKS: Final = 52
"""A silence that reaches the line only later is no news, and one that lasts longer is no event any more."""
STEP_WEEKS: Final = 13
"""First weeks of a silence in which bills without a name must have risen: later they move for other reasons."""
UNDECIDED_WEEKS: Final = 10
"""So long a loss waits where bills without a name rose as much, but no further than they do by themselves."""
HOLD: Final = 0.8
"""Part of the line down to which an episode stays open."""


def loss_cutoffs(activity: Activity, silent: Silences, weeks: Sequence[int], column: int) -> tuple[float, float]:
    """Return from which worth a silence is a loss at `weeks[column]`: of a customer of weight, and of another.

    Learnt from silences of all suppliers so far: how often one so unlikely ended is read from the tail of those that
    did. What came later does not count, so that a week evaluated again is judged as it was: a silence that has ended
    since was one all the same.
    """
    week = weeks[column]
    worth, lasted = silent.worth, week - silent.last
    in_time = silent.reached(column, np.minimum(IN_TIME / np.maximum(lasted, 1), 1))
    ended = silent.ended & (silent.until < week) & (silent.weeks > silent.own_longest) & (worth >= TAIL_FROM)
    lasts = silent.weeks_at[:, column] > silent.own_longest
    if ended.sum() < LEAST_TAIL:
        return USUAL_LINE, USUAL_LINE
    reach_line = _reach_line(np.sort(worth[ended]))
    years = len(np.unique(activity.pair_supplier[silent.pair[silent.last < week]])) * (week + 1) / YEAR_WEEKS
    large = silent.share >= LARGE_SHARE
    first = _line(reach_line * ended[large].sum() / ended.sum(), in_time[lasts & large], years)
    return first, max(first, _line(reach_line, in_time[lasts], years))


def _reach_line(ended: Reals) -> Floats:
    """How many ended silences, in order, reach each of the lines: counted, and beyond the last forty extrapolated."""
    start = max(float(ended[-LEAST_TAIL]), TAIL_FROM)
    beyond = ended[ended >= start] - start
    fall = max(1 / max(float(beyond.mean()), 1e-6), LEAST_FALL)
    counted = len(ended) - np.searchsorted(ended, LINES)
    return np.where(start > LINES, counted, len(beyond) * np.exp(-fall * (LINES - start)))


def _line(false: Floats, open_: Reals, years: float) -> float:
    """The line that reports most true losses in time less what the false ones outweigh, and keeps these rare."""
    true = np.maximum(len(open_) - np.searchsorted(np.sort(open_), LINES) - false, 0)
    return float(LINES[np.where(false <= FALSE_A_YEAR * years, true - FALSE_WORTH * false, -np.inf).argmax()])


def found(
    activity: Activity,
    ledger: Ledger,
    began: Starts,
    silent: Silences,
    weeks: Sequence[int],
    cutoffs: Sequence[tuple[float, float]],
) -> pa.Table:
    """Findings of stopped customers at `weeks`, each by its cut-off; of the newest week also events below it."""
    return findings.concat(
        [_found_at(activity, ledger, began, silent, column, week, cutoffs[column]) for column, week in enumerate(weeks)]
    )


def _found_at(
    activity: Activity,
    ledger: Ledger,
    began: Starts,
    silent: Silences,
    column: int,
    week: int,
    cutoffs: tuple[float, float],
) -> pa.Table:
    """Findings at one week: silences that reach the cut-off, keep an episode open, or are events below it."""
    counted, reached = silent.weeks_at[:, column], silent.reached(column)
    cutoff = np.where(silent.share >= LARGE_SHARE, *cutoffs)
    lasted = week - silent.last
    holds = (silent.share >= LEAST_SHARE) & (reached >= HOLD * cutoff)
    is_event = (
        (reached >= SILENT_WORTH) & (lasted >= LEAST_SILENT) & (lasted <= NEWS_WEEKS) & (week == activity.weeks - 1)
    )
    rows_shown = np.flatnonzero((counted > silent.own_longest) & (holds | is_event))
    shown, reached, cutoff, holds, is_event = (
        silent.take(rows_shown),
        reached[rows_shown],
        cutoff[rows_shown],
        holds[rows_shown],
        is_event[rows_shown],
    )
    rows = len(shown.pair)
    supplier = activity.pair_supplier[shown.pair]
    ends = np.full(rows, week)
    step_end = np.minimum(ends, shown.last + STEP_WEEKS)
    in_step = np.minimum(shown.weeks_at[:, column], step_end - shown.last)
    pace = expected(ledger, supplier, shown.pair, shown.last + 1, step_end, in_step)
    dark = hides(pace)
    other = renamed(activity, ledger, began, shown.pair, shown.last, week)
    undecided = ~dark & risen(pace)
    explanation = np.where(other >= 0, "renamed", np.where(undecided, "went_dark", "pause"))
    waits = undecided & (week - shown.last < UNDECIDED_WEEKS)
    fires = (
        holds
        & (reached >= cutoff)
        & (other < 0)
        & ~waits
        & (week - shown.last >= LEAST_SILENT)
        & (week - shown.last <= NEWS_WEEKS)
    )
    is_open = (other >= 0) | (undecided & ~fires)
    is_open |= (reached < LOST_WORTH) & ~fires
    event = np.where(is_open, SILENT, np.where(dark, WENT_DARK, LOST))
    all_now = ledger.supplier(supplier, shown.last + 1, ends)
    n_before = ledger.supplier(supplier, shown.last - YEAR_WEEKS + 1, shown.last)
    low, high = share_bounds(shown.share.astype(float), n_before, shown.phi.astype(float))
    first = activity.first_week
    return findings.of_pairs(
        activity,
        shown.pair,
        week,
        {
            "alert_type": pa.array(np.where(dark, WENT_DARK, CUSTOMER_LOST).tolist(), pa.string()),
            "before_start": first + np.maximum(shown.last - YEAR_WEEKS + 1, 0),
            "before_end": first + shown.last,
            "window_start": first + shown.last + 1,
            "began": first + shown.last + 1,
            "from_value": shown.share.astype(float),
            "to_value": 0.0,
            "effect": -100.0 * shown.share,
            "effect_low": -100.0 * high,
            "effect_high": -100.0 * low,
            "bills_before": shown.rate.astype(float),
            "bills_after": 0.0,
            "certainty": pa.array(np.where(is_open, WATCH, RULE).tolist(), pa.string()),
            "fires": fires,
            "holds": holds,
            "coverage": 1 - ledger.unnamed(supplier, shown.last + 1, ends) / np.maximum(all_now, 1),
            "alternative_explanation": pa.array(explanation.tolist(), pa.string()),
            "event": pa.array(event.tolist(), pa.string(), mask=~(fires | is_event)),
            "customer_bills": pace.own,
            "unnamed_change": pace.unnamed_now - pace.unnamed,
        },
    )
