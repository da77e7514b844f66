"""Small days raise no noise: many days without a fault, simulated at the figures seen in real files and in bursts."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from expectations import conservation, dates, links, parties, volumes, weights
from expectations.rules import Suite
from pipeline.quality.figures import as_frame, ratios, shares

DAYS = 20_000
SEED = 20261102
ROWS = "rows_against_weeks"
# Suite, measure, and the share that is usual where nothing is wrong.
USUAL = (
    (conservation.SUITE, "quarantined", 0.002),
    (links.SUITE, "orphans", 0.002),
    (dates.SUITE, "missing_arrivals", 0.01),
    (dates.SUITE, "suspect_arrivals", 0.005),
    (weights.SUITE, "missing_weights", 0.08),
    (parties.SUITE, "unnamed_bills", 0.25),
)


@pytest.mark.parametrize("bills", [20, 57, 400])
def test_day_without_a_fault_is_not_alarmed(bills: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Limits laid on the bare figures would alarm on many of the same days: the intervals do the work."""
    draws = np.random.default_rng(SEED)
    days = [str(day) for day in range(DAYS)]
    alarms: dict[str, float] = {}
    bare: dict[str, float] = {}
    for suite, measure, usual in USUAL:
        hits, of = _bookings(draws, bills, usual)
        frame = as_frame([shares(days, "header", measure, hits.tolist(), of.tolist())])
        alarms[measure] = _alarms(suite, measure, frame["low"], frame["high"])
        bare[measure] = _alarms(suite, measure, frame["value"], frame["value"])
    past = np.median([_bookings(draws, bills, 0.7)[0] for _ in range(8)], axis=0)
    rows, _ = _bookings(draws, bills, 0.7)
    frame = as_frame([ratios(days, "header", ROWS, rows.tolist(), past.tolist(), exact=False)])
    alarms[ROWS] = _alarms(volumes.SUITE, ROWS, frame["low"], frame["high"])
    bare[ROWS] = _alarms(volumes.SUITE, ROWS, frame["value"], frame["value"])
    with capsys.disabled():
        print(
            f"\n{bills} bills a day: {sum(alarms.values()):.5f} false alarms a day, "
            f"{sum(bare.values()):.3f} if the bare figures were compared ({DAYS:,} days)"
        )
    assert sum(alarms.values()) <= 1e-3
    assert sum(bare.values()) >= 0.1


def test_small_day_still_reports_a_lost_table() -> None:
    frame = as_frame([shares(["one"], "shipper", "unnamed_bills", [57], [57])])
    assert _alarms(parties.SUITE, "unnamed_bills", frame["low"], frame["high"]) == 1
    frame = as_frame([shares(["one"], "tariff", "orphans", [30], [57])])
    assert _alarms(links.SUITE, "orphans", frame["low"], frame["high"]) == 1


def test_full_day_reports_a_share_slightly_beyond_a_limit() -> None:
    for suite, measure, share in (
        (conservation.SUITE, "quarantined", 0.015),
        (links.SUITE, "orphans", 0.015),
        (parties.SUITE, "unnamed_bills", 0.48),
        (parties.SUITE, "unnamed_bills", 0.08),
    ):
        frame = as_frame([shares(["one"], "header", measure, [45_000 * share], [45_000])])
        assert _alarms(suite, measure, frame["low"], frame["high"]) == 1, measure


def _bookings(draws: np.random.Generator, bills: int, share: float) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Bills that hit and all bills of `DAYS` days: bookings of one to five bills, all of one kind."""
    sizes = draws.integers(1, 6, size=(DAYS, max(1, bills // 3)))
    return (sizes * (draws.random(sizes.shape) < share)).sum(axis=1), sizes.sum(axis=1)


def _alarms(suite: Suite, measure: str, low: pd.Series[Any], high: pd.Series[Any]) -> float:
    """Share of days on which any rule of the measure is broken."""
    broken = np.zeros(len(low), dtype=bool)
    for rule in suite.rules:
        if rule.measure.name == measure:
            broken |= low.to_numpy() > rule.arguments.get("max_value", np.inf)
            broken |= high.to_numpy() < rule.arguments.get("min_value", -np.inf)
    return float(broken.mean())
