"""The states of alerts: what people did with them, in the journal `state/alert_states.jsonl`.

    open -> acknowledged | snoozed (until, why) -> resolved

`retracted` (late data reversed it) and `expired` (its episode is over) follow from what is frozen, and a snooze ends by
its date. The newest record of an alert counts.
"""

from __future__ import annotations

import glob
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from getpass import getuser
from typing import Any, Final

from pydantic import TypeAdapter

from pipeline.alerts.message import STATUSES
from pipeline.errors import UsageError
from pipeline.settings import Settings
from pipeline.state.journal import Journal
from pipeline.warehouse.connection import scratch

MOVES: Final[Mapping[str, tuple[str, ...]]] = {
    "open": ("acknowledged", "snoozed", "resolved"),
    "acknowledged": ("acknowledged", "snoozed", "resolved"),
    "snoozed": ("acknowledged", "snoozed", "resolved"),
    "resolved": ("resolved",),
    "retracted": (),
    "expired": (),
}
"""From each state, those that people can move an alert to."""
FINAL: Final[Mapping[str, str]] = {
    "resolved": "was resolved: a new change raises a new alert",
    "retracted": "was retracted: late data reversed it, so there is nothing to work on",
    "expired": "has expired: its change is over, and a new one raises a new alert",
}
SHORTEST: Final = 6
"""Digits of an id that a person has to type at least."""


class StateError(UsageError):
    """An alert cannot be moved so; the message says why and what is possible."""


@dataclass(frozen=True)
class Move:
    """One record of the journal.

    Attributes:
        alert_id: of which alert.
        status: acknowledged, snoozed or resolved.
        moved_at: when, in UTC.
        snoozed_until: the day on which a snooze ends; None for another state.
        reason: why, in the mover's words.
        who: the mover's name.
        seq: its number; given when it is appended.
    """

    alert_id: str
    status: str
    moved_at: datetime
    snoozed_until: date | None = None
    reason: str | None = None
    who: str = ""
    seq: int | None = None


_RECORDS: Final = TypeAdapter(Move)


def read_moves(settings: Settings) -> dict[str, Move]:
    """Return the newest move of each alert that has one."""
    return {move.alert_id: move for move in _journal(settings).read()}


def state_of(settings: Settings, alert_id: str, move: Move | None, today: date) -> str:
    """Return the state of an alert on a day, as `fct_alert` has it after the next refresh.

    The data come first, but what people resolved stays resolved.

    Args:
        settings: whose home.
        alert_id: an alert of a frozen week.
        move: its newest move, if any.
        today: the day.

    Raises:
        StateError: no frozen week has such an alert.
    """
    frozen = _frozen(settings, alert_id)
    if frozen["is_retracted"]:
        return "retracted"
    if move is not None and move.status == "resolved":
        return "resolved"
    if frozen["is_over"]:
        return "expired"
    if move is None or (move.snoozed_until is not None and move.snoozed_until <= today):
        return "open"
    return move.status


def full_id(settings: Settings, text: str) -> str:
    """Return the id of the one alert that begins with `text`.

    Raises:
        StateError: none does, several do, or `text` is too short.
    """
    if len(text) < SHORTEST or not set(text) <= set("0123456789abcdef"):
        raise StateError(f"{text!r} is no alert: give at least {SHORTEST} of its hex digits (`leverage alerts list`)")
    found = _query(settings, "select distinct alert_id from alert where starts_with(alert_id, ?) limit 2", [text])
    if len(found) != 1:
        raise StateError(
            f"{'several alerts begin' if found else 'no alert begins'} with {text}: `leverage alerts list` shows them"
        )
    return str(found[0]["alert_id"])


def note_state(
    settings: Settings,
    alert_id: str,
    status: str,
    *,
    until: date | None = None,
    reason: str | None = None,
    who: str | None = None,
    at: datetime | None = None,
) -> bool:
    """Move an alert to another state and record that.

    Args:
        settings: whose home.
        alert_id: an alert of a frozen week.
        status: acknowledged, snoozed or resolved.
        until: of a snooze, the day on which it ends; later than the day of the move.
        reason: why; a snooze needs one.
        who: who moves it; the user of this process where it is not given.
        at: when; now where it is not given.

    Returns:
        Whether it was recorded: not where the alert is in that state already, with the same day and reason.

    Raises:
        StateError: there is no such alert, or it cannot be moved so.
    """
    moment = at or datetime.now(UTC)
    _require_possible(status, until, reason, moment.date())
    journal = _journal(settings)
    journal.path.parent.mkdir(parents=True, exist_ok=True)
    with journal.lock:  # reading and appending are one step
        before = read_moves(settings).get(alert_id)
        state = state_of(settings, alert_id, before, moment.date())
        if status not in MOVES[state]:
            raise StateError(f"alert {alert_id[:SHORTEST]} {FINAL[state]}")
        if before is not None and before.status == status == state:
            same = (before.snoozed_until, before.reason) == (until, reason)
            if status != "snoozed" or same:
                return False
        moved_at = moment.astimezone(UTC).replace(microsecond=0)
        journal.append([Move(alert_id, status, moved_at, until, reason, who or getuser())], numbered=True)
    return True


def _require_possible(status: str, until: date | None, reason: str | None, today: date) -> None:
    if status not in MOVES["open"]:
        there = "; that comes of the data alone" if status in STATUSES else ""
        raise StateError(f"an alert cannot be moved to {status!r}{there}: give {', '.join(MOVES['open'])}")
    if status == "snoozed" and (until is None or until <= today):
        raise StateError(f"a snooze needs the day on which it ends, later than {today}; given: {until}")
    if status == "snoozed" and not (reason or "").strip():
        raise StateError("a snooze needs a reason, so that whoever finds it knows why nothing was done")
    if status != "snoozed" and until is not None:
        raise StateError(f"only a snooze ends by date: {status} takes none")


def _frozen(settings: Settings, alert_id: str) -> Mapping[str, Any]:
    found = _query(settings, _STATE, [alert_id])
    if not found or not found[0]["is_there"]:
        raise StateError(f"no published week has an alert {alert_id}: `leverage alerts list` shows them")
    return found[0]


def _query(settings: Settings, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
    """Rows of a query on the views `alert` and `episode` (all frozen weeks) and `newest` (revision of each week)."""
    if not any(settings.snapshots_dir.glob("*/r*/fct_alert.parquet")):
        return []
    folder = glob.escape(str(settings.snapshots_dir)).replace("'", "''")
    with closing(scratch()) as connection:
        for view, table in _VIEWS.items():
            connection.execute(_FROZEN.replace("$view", view).replace("$files", f"{folder}/*/r*/{table}.parquet"))
        connection.execute(_NEWEST.replace("$files", f"{folder}/*/r*/manifest.json"))
        cursor = connection.execute(query, values or [])
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _journal(settings: Settings) -> Journal[Move]:
    return Journal(settings.alert_states_path, _RECORDS)


_VIEWS: Final = {"alert": "fct_alert", "episode": "alert_episode"}
_PATH: Final = r"""
    regexp_extract(file, '([0-9]{4}-W[0-9]{2})/r[0-9]+/[^/]+$', 1) as week,
    cast(regexp_extract(file, '/r([0-9]+)/[^/]+$', 1) as integer) as revision
"""
_FROZEN: Final = f"""
create view $view as
select rows_.* exclude (file), {_PATH}
from (select * from read_parquet('$files', filename = 'file', hive_partitioning = false)) as rows_
"""
_NEWEST: Final = f"""
create view newest as
select week, max(revision) as revision from (select {_PATH} from glob('$files')) group by week
"""
_STATE: Final = """
select
    count(*) > 0 as is_there,
    exists (
        select 1 from alert as other inner join newest using (week, revision) where other.supersedes_alert_id = $1
    ) as is_retracted,
    coalesce(min(alert.week) < (select max(week) from newest), false)
    and $1 not in (
        select episode.alert_id from episode inner join newest using (week, revision)
        where week = (select max(week) from newest)
    ) as is_over
from alert
where alert.alert_id = $1
"""
