"""The states of alerts: a journal that is only added to, `state/alert_states.jsonl`, and the moves that people make.

    open -> acknowledged | snoozed (until, why) -> resolved

An alert that is retracted (late data reversed it) or expired (its episode is over) gets there by what is frozen, not by
a move; so does a snooze end, by its date. The newest line of an alert counts. A line is forced to disk before a move is
done; a torn one, of a kill, is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from getpass import getuser
from typing import Any, Final, get_args

from filelock import FileLock

from pipeline.alerts.message import Status
from pipeline.errors import UsageError
from pipeline.settings import Settings
from pipeline.state.files import append_line, read_lines
from pipeline.warehouse.connection import scratch

STATUSES: Final[tuple[str, ...]] = get_args(Status)
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
    """A move that there is not; the message says why and what there is."""


@dataclass(frozen=True)
class Move:
    """One line of the journal.

    Attributes:
        alert_id: of which alert.
        status: acknowledged, snoozed or resolved.
        snoozed_until: the day on which a snooze ends; None for another state.
        reason: why, in the mover's words.
        who: the mover's name.
        moved_at: when, in UTC.
    """

    alert_id: str
    status: str
    snoozed_until: date | None
    reason: str | None
    who: str
    moved_at: datetime


def read_moves(settings: Settings) -> dict[str, Move]:
    """The newest move of each alert that has one."""
    return {line["alert_id"]: _move(line) for line in read_lines(settings.alert_states_path)}


def standing_of(settings: Settings, alert_id: str, *, today: date | None = None) -> str:
    """The state of an alert, as `fct_alert` has it after the next refresh.

    Args:
        settings: whose home.
        alert_id: an alert of a frozen week.
        today: on which day; the real one where it is not given.

    Raises:
        StateError: no frozen week tells such an alert.
    """
    return _standing(_told(settings, alert_id), read_moves(settings).get(alert_id), today or _today())


def full_id(settings: Settings, text: str) -> str:
    """The id of the one alert that begins with `text`.

    Raises:
        StateError: none does, several do, or `text` is too short to tell.
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
    """Move an alert to another state and write that down.

    Args:
        settings: whose home.
        alert_id: an alert of a frozen week.
        status: acknowledged, snoozed or resolved.
        until: of a snooze, the day on which it ends; later than the day of the move.
        reason: why; a snooze needs one.
        who: who moves it; the user of this process where it is not given.
        at: when; now where it is not given.

    Returns:
        Whether a line was written: not where the alert is in that state already, with the same day and reason.

    Raises:
        StateError: there is no such alert, or it cannot be moved so.
    """
    moment = at or datetime.now(UTC)
    _demand_move(status, until, reason, moment.date())
    path = settings.alert_states_path
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{path}.moves.lock"):  # looking and writing are one step
        before = read_moves(settings).get(alert_id)
        standing = _standing(_told(settings, alert_id), before, moment.date())
        if status not in MOVES[standing]:
            raise StateError(f"alert {alert_id[:SHORTEST]} {FINAL[standing]}")
        if before is not None and before.status == status == standing:
            same = (before.snoozed_until, before.reason) == (until, reason)
            if status != "snoozed" or same:
                return False
        append_line(
            path,
            {
                "seq": len(read_lines(path)) + 1,
                "alert_id": alert_id,
                "status": status,
                "snoozed_until": until.isoformat() if until else None,
                "reason": reason,
                "who": who or getuser(),
                "moved_at": moment.astimezone(UTC).isoformat(timespec="seconds"),
            },
        )
    return True


def _demand_move(status: str, until: date | None, reason: str | None, today: date) -> None:
    if status not in MOVES["open"]:
        there = "; that comes of the data alone" if status in STATUSES else ""
        raise StateError(f"nobody moves an alert to {status!r}{there}: give {', '.join(MOVES['open'])}")
    if status == "snoozed" and (until is None or until <= today):
        raise StateError(f"a snooze needs the day on which it ends, later than {today}; given: {until}")
    if status == "snoozed" and not (reason or "").strip():
        raise StateError("a snooze needs a reason, so that whoever finds it knows why nothing was done")
    if status != "snoozed" and until is not None:
        raise StateError(f"only a snooze ends by date: {status} takes none")


def _standing(told: Mapping[str, Any], move: Move | None, today: date) -> str:
    """What the data say comes first, but what people resolved stays resolved; in the order of `fct_alert`."""
    if told["is_retracted"]:
        return "retracted"
    if move is not None and move.status == "resolved":
        return "resolved"
    if told["is_over"]:
        return "expired"
    if move is None or (move.snoozed_until is not None and move.snoozed_until <= today):
        return "open"
    return move.status


def _told(settings: Settings, alert_id: str) -> Mapping[str, Any]:
    found = _query(settings, _STANDING, [alert_id])
    if not found or not found[0]["is_there"]:
        raise StateError(f"no published week tells an alert {alert_id}: `leverage alerts list` shows them")
    return found[0]


def _query(settings: Settings, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
    """Rows of a query on the views `alert` and `episode` (all frozen weeks) and `newest` (revision of each week)."""
    if not any(settings.snapshots_dir.glob("*/r*/fct_alert.parquet")):
        return []
    folder = str(settings.snapshots_dir).replace("'", "''")
    with closing(scratch()) as connection:
        for view, table in _VIEWS.items():
            connection.execute(_FROZEN.replace("$view", view).replace("$files", f"{folder}/*/r*/{table}.parquet"))
        connection.execute(_NEWEST.replace("$files", f"{folder}/*/r*/manifest.json"))
        cursor = connection.execute(query, values or [])
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _move(line: Mapping[str, Any]) -> Move:
    until = line.get("snoozed_until")
    return Move(
        line["alert_id"],
        line["status"],
        date.fromisoformat(until) if until else None,
        line.get("reason"),
        line.get("who") or "",
        datetime.fromisoformat(line["moved_at"]),
    )


def _today() -> date:
    return datetime.now(UTC).date()


_VIEWS: Final = {"alert": "fct_alert", "episode": "alert_episode"}
_PLACE: Final = r"""
    regexp_extract(file, '([0-9]{4}-W[0-9]{2})/r[0-9]+/[^/]+$', 1) as week,
    cast(regexp_extract(file, '/r([0-9]+)/[^/]+$', 1) as integer) as revision
"""
_FROZEN: Final = f"""
create view $view as
select rows_.* exclude (file), {_PLACE}
from (select * from read_parquet('$files', filename = 'file', hive_partitioning = false)) as rows_
"""
_NEWEST: Final = f"""
create view newest as
select week, max(revision) as revision from (select {_PLACE} from glob('$files')) group by week
"""
_STANDING: Final = """
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
