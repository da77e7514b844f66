"""Episodes: a change fires once, at the week that first shows it, and re-arms only when it is long over.

A pure function of the episodes of the week before and the findings of this one; the weekly model and the simulation
call the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple

import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.detection.findings import CUSTOMER_LOST, CUSTOMER_WON, FINDING, RESURFACED, RULE, WENT_DARK
from pipeline.thresholds import threshold

NOTIFY_Q: Final = 0.01
"""A mix finding at or below it becomes an alert at once, one above it in the third closed week running. In simulation
(200 bills a window, eight worlds of 300 suppliers, the first figure before a change of the rule for losses) 0.005, 0.01
and 0.02 find .46, .48 and .52 of shifts, with 90, 89 and 87 % of such alerts true."""
WEEKS_RUNNING: Final = 3
REARM_WEEKS: Final = 8
"""Weeks running without a hold after which an episode is over: as long as the middle window of the mix test, so that
one change seen through windows of three lengths is one alert."""
FIRST_WEEKS: Final = 13
"""In the first week ever published only what began within them is news."""

LONGEST_GAP: Final = int(threshold("publishing_gap_weeks"))

SAME_STORY: Final = {WENT_DARK: CUSTOMER_LOST, RESURFACED: CUSTOMER_WON}
"""Types that one change may show as, one week this and the next week that: the episode goes on under its first type."""

EPISODE: Final = pa.schema(
    [
        pa.field("alert_type", pa.string(), nullable=False),
        pa.field("supplier_key", pa.int64(), nullable=False),
        pa.field("consignee_key", pa.int64()),
        pa.field("threshold", pa.string(), nullable=False),
        pa.field("first_window_end", pa.int32(), nullable=False),  # of the first finding that fired: part of the id
        pa.field("notified_week", pa.int32()),  # null: no alert (waits for a third week, or was there at the start)
        pa.field("phase", pa.string(), nullable=False),  # pending, open, or silent (there at the start, never an alert)
        pa.field("weeks_running", pa.int32(), nullable=False),  # that fired
        pa.field("weeks_quiet", pa.int32(), nullable=False),  # that did not hold
    ]
)
FIRED: Final = FINDING.append(pa.field("first_window_end", pa.int32(), nullable=False))
"""A finding that becomes an alert, with its episode."""

_Key = tuple[str, int, int | None, str]
_Row = dict[str, Any]


class Step(NamedTuple):
    """What a week did to the episodes.

    Attributes:
        open: EPISODE; those to hand to the next week.
        fired: FIRED; what becomes an alert in this week.
        ended: EPISODE; over and re-armed.
        retracted: EPISODE; notified in a week that, evaluated again, does not show it any more.
    """

    open: pa.Table
    fired: pa.Table
    ended: pa.Table
    retracted: pa.Table


def step(
    open_: pa.Table | None,
    findings: pa.Table,
    week: int,
    *,
    evaluated: Mapping[str, Collection[int]] | None = None,
    first_published: bool = False,
    rebased: bool = False,
) -> Step:
    """Carry the episodes on by one closed week.

    Args:
        open_: EPISODE, `open` of the week before; None where there was none.
        findings: FINDING, of this week and of earlier weeks as now known.
        week: this week; every finding is at it or before.
        evaluated: by type, the earlier weeks that were evaluated again: an episode notified in one of them, without a
            finding there that holds, is retracted unless it holds in this week. None: nothing is retracted.
        first_published: no week was published before; what began more than 13 weeks ago opens silently.
        rebased: weeks were left out before this one; what is new since opens silently, since its start is unknown.
    """
    again = evaluated or {}
    now: dict[_Key, _Row] = {}
    shown: set[tuple[_Key, int]] = set()
    for row in findings.filter(findings["holds"]).to_pylist():
        if row["at_week"] == week:
            now[_key(row)] = row
        shown.add((_key(row), row["at_week"]))
    carried: list[_Row] = []
    fired: list[_Row] = []
    ended: list[_Row] = []
    retracted: list[_Row] = []
    for old in [] if open_ is None else open_.to_pylist():
        key = _key(old)
        row = now.pop(key, None)
        holds = row is not None
        fires = row is not None and row["fires"]
        notified = old["notified_week"]
        if (
            notified is not None
            and not holds
            and notified in again.get(old["alert_type"], ())
            and (key, notified) not in shown
        ):
            retracted.append(old)
            continue
        new = old | {
            "weeks_running": old["weeks_running"] + 1 if fires else 0,
            "weeks_quiet": 0 if holds else old["weeks_quiet"] + 1,
        }
        if old["phase"] == "pending":
            if not fires:
                continue
            assert row is not None
            if rebased:
                new["phase"] = "silent"
            elif _is_news(row, new["weeks_running"]):
                new |= {"phase": "open", "notified_week": week}
                fired.append(row | {"first_window_end": new["first_window_end"]})
            carried.append(new)
        elif new["weeks_quiet"] >= REARM_WEEKS:
            ended.append(new)
        else:
            carried.append(new)
    for row in now.values():
        if not row["fires"]:
            continue
        new = {name: row[name] for name in ("alert_type", "supplier_key", "consignee_key", "threshold")}
        new |= {"first_window_end": row["window_end"], "notified_week": None, "weeks_running": 1, "weeks_quiet": 0}
        if rebased or (first_published and row["began"] <= week - FIRST_WEEKS):
            new["phase"] = "silent"
        elif _is_news(row, 1):
            new |= {"phase": "open", "notified_week": week}
            fired.append(row | {"first_window_end": new["first_window_end"]})
        else:
            new["phase"] = "pending"
        carried.append(new)
    return Step(_table(carried, EPISODE), _table(fired, FIRED), _table(ended, EPISODE), _table(retracted, EPISODE))


def notified_weeks(open_: pa.Table | None) -> list[int]:
    """Return the weeks in which open episodes became alerts."""
    weeks = [] if open_ is None else open_["notified_week"].to_pylist()
    return sorted({week for week in weeks if week is not None})


def _is_news(row: _Row, weeks_running: int) -> bool:
    if row["certainty"] == RULE or weeks_running >= WEEKS_RUNNING:
        return True
    return row["q_value"] is not None and bool(row["q_value"] <= NOTIFY_Q)


def _key(row: _Row) -> _Key:
    kind: str = row["alert_type"]
    return SAME_STORY.get(kind, kind), row["supplier_key"], row["consignee_key"], row["threshold"]


def _table(rows: list[_Row], schema: pa.Schema) -> pa.Table:
    rows.sort(key=lambda row: tuple((value is not None, value) for value in _key(row)))
    return pa.Table.from_pylist(rows, schema=schema)
