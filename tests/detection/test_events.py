"""Customer events of the newest week: those of alerts, and what is too weak for an alert."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from pipeline.detection.detect import detect
from pipeline.detection.findings import CUSTOMER_LOST, LOST, RESURFACED, RULE, SILENT, WATCH, WENT_DARK, WON
from tests.detection.made import WEEK, columns, regular, renamed, rows, without


@pytest.fixture(scope="module")
def quiet() -> pa.Table:
    return regular(60)


def weekly(consignee: int, bills: int, weeks: np.ndarray, supplier: int = 999) -> pa.Table:
    """Bills of one customer in these weeks, of a supplier that no other test has."""
    size = len(weeks)
    return rows(np.full(size, supplier), np.full(size, consignee), weeks, np.full(size, bills))


def thin(*more: pa.Table) -> pa.Table:
    """A supplier of three customers every week or two, beside quiet ones."""
    every, second = np.arange(WEEK - 129, WEEK + 1), np.arange(WEEK - 129, WEEK + 1, 2)
    return pa.concat_tables([regular(60), weekly(1, 1, every), weekly(2, 1, second), *more])


def events(table: pa.Table, supplier: int, **given: Any) -> list[dict[str, Any]]:
    found = detect(table, week=WEEK, **{"earlier_weeks": 0, **given})
    return [row for row in found.to_pylist() if row["event"] and row["supplier_key"] == supplier]


def kinds(table: pa.Table, supplier: int, **given: Any) -> list[tuple[str, int, str]]:
    return [(row["event"], row["consignee_key"], row["certainty"]) for row in events(table, supplier, **given)]


def test_an_alert_of_a_customer_is_an_event_of_the_same_finding(quiet: pa.Table) -> None:
    (lost,) = [row for row in events(without(quiet, 3, 301, WEEK - 5), 3) if row["fires"]]
    assert (lost["alert_type"], lost["event"], lost["certainty"]) == (CUSTOMER_LOST, LOST, RULE)
    assert (lost["began"], lost["until_week"]) == (WEEK - 5, None)
    assert lost["from_value"] > lost["to_value"] == 0
    (dark,) = [row for row in events(renamed(quiet, 3, 301, -1, WEEK - 7), 3) if row["fires"]]
    assert dark["event"] == WENT_DARK
    assert dark["unnamed_change"] > dark["customer_bills"] / 2


def test_a_stop_too_weak_for_an_alert_is_an_event_all_the_same() -> None:
    ending = weekly(3, 1, np.arange(WEEK - 128, WEEK - 12, 3))
    (lost,) = events(thin(ending), 999)
    assert (lost["event"], lost["consignee_key"], lost["certainty"]) == (LOST, 3, RULE)
    assert not lost["fires"]


def test_a_stop_that_another_name_may_explain_is_left_open(quiet: pa.Table) -> None:
    assert (SILENT, 301, WATCH) in kinds(renamed(quiet, 3, 301, 399, WEEK - 8), 3)


def test_a_new_customer_too_thin_for_an_alert_is_an_event_all_the_same() -> None:
    (won,) = events(thin(weekly(3, 2, np.array([WEEK - 6, WEEK - 1]))), 999)
    assert (won["event"], won["consignee_key"], won["began"]) == (WON, 3, WEEK - 6)
    assert (won["fires"], won["from_value"]) == (False, 0)
    assert won["to_value"] == pytest.approx(4 / (13 + 7 + 4), abs=0.02)


def test_a_customer_back_after_more_than_a_year_brings_its_silence() -> None:
    back = np.r_[np.arange(WEEK - 120, WEEK - 90), np.arange(WEEK - 6, WEEK + 1)]
    silence, resurfaced = sorted(
        events(thin(weekly(3, 2, back)), 999, silent=_silent()), key=lambda row: str(row["event"]), reverse=True
    )
    assert (resurfaced["event"], resurfaced["began"]) == (RESURFACED, WEEK - 6)
    assert (silence["event"], silence["began"], silence["until_week"]) == (SILENT, WEEK - 90, WEEK - 7)


def test_past_its_own_usual_gap_alone_a_customer_is_silent() -> None:
    rare = weekly(3, 1, np.r_[np.arange(WEEK - 128, WEEK - 20, 11)])
    last = int(columns(rare)["week"].max())
    table = thin(rare)
    assert kinds(table, 999) == []
    assert kinds(table, 999, silent=_silent((999, 3, last))) == [(SILENT, 3, WATCH)]
    recent = [(SILENT, 2, RULE)]
    stopped = table.filter(pa.array((columns(table)["consignee"] != 2) | (columns(table)["week"] < WEEK - 2)))
    last = int(columns(stopped)["week"][columns(stopped)["consignee"] == 2].max())
    assert kinds(stopped, 999, silent=_silent((999, 2, last))) == recent


def test_a_customer_that_ships_on_under_a_like_name_is_not_silent(quiet: pa.Table) -> None:
    table = renamed(quiet, 3, 301, 399, WEEK - 2)
    alike = pa.table({"consignee_key": pa.array([399]), "other_key": pa.array([301])})
    silent = _silent((3, 301, WEEK - 3))
    assert (SILENT, 301, RULE) in kinds(table, 3, silent=silent)
    assert (SILENT, 301, RULE) not in kinds(table, 3, silent=silent, likely_same=alike)


def _silent(*given: tuple[int, int, int]) -> pa.Table:
    names = ("supplier_key", "consignee_key", "last_week")
    return pa.table({name: pa.array([row[at] for row in given], pa.int64()) for at, name in enumerate(names)})
