"""What people do with an alert is written down once, survives a kill, and what there is not is refused in words."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.alerts.message import STATUSES
from pipeline.alerts.states import FINAL, MOVES, StateError, full_id, note_state, read_moves, state_of
from pipeline.settings import Settings, load_settings
from tests.alerts.frozen_weeks import freeze_week

LOST, DARK, BACK = "a" * 64, "b" * 64, "c" * 64
NOW = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home whose newest week has two alerts, both of them running."""
    made = load_settings(home=tmp_path, _env_file=None)
    freeze_week(made, "2026-W10", [LOST], running=[LOST])
    freeze_week(made, "2026-W11", [DARK], running=[LOST, DARK])
    return made


def standing(settings: Settings, alert_id: str = LOST, today: date = TODAY) -> str:
    return state_of(settings, alert_id, read_moves(settings).get(alert_id), today)


def test_an_alert_is_open_until_somebody_moves_it(settings: Settings) -> None:
    assert standing(settings) == "open"
    assert read_moves(settings) == {}
    assert note_state(settings, LOST, "acknowledged", who="anna", reason="calling them", at=NOW)
    assert (standing(settings), standing(settings, DARK)) == ("acknowledged", "open")
    (move,) = read_moves(settings).values()
    assert (move.alert_id, move.who, move.reason, move.moved_at) == (LOST, "anna", "calling them", NOW)
    assert note_state(settings, LOST, "resolved", who="anna", at=NOW)
    assert standing(settings) == "resolved"


def test_the_same_move_twice_is_written_once(settings: Settings) -> None:
    snooze = {"until": TOMORROW, "reason": "their new year", "at": NOW}
    assert note_state(settings, LOST, "snoozed", **snooze)  # type: ignore[arg-type]
    written = settings.alert_states_path.read_bytes()
    assert not note_state(settings, LOST, "snoozed", **snooze)  # type: ignore[arg-type]
    assert settings.alert_states_path.read_bytes() == written
    assert note_state(settings, LOST, "snoozed", until=TOMORROW + timedelta(days=7), reason="longer", at=NOW)
    for status in ("acknowledged", "resolved"):
        assert note_state(settings, LOST, status, at=NOW)
        assert not note_state(settings, LOST, status, reason="again", at=NOW)
    assert [json.loads(line)["seq"] for line in settings.alert_states_path.read_text().splitlines()] == [1, 2, 3, 4]


def test_a_snooze_ends_by_its_date(settings: Settings) -> None:
    note_state(settings, LOST, "snoozed", until=TOMORROW, reason="their new year", at=NOW)
    assert standing(settings) == "snoozed"
    assert standing(settings, today=TOMORROW) == "open"
    # and can be snoozed again to the same day only as long as that day is in the future
    with pytest.raises(StateError, match=f"later than {TOMORROW}"):
        note_state(settings, LOST, "snoozed", until=TOMORROW, reason="x", at=NOW + timedelta(days=1))
    assert note_state(settings, LOST, "snoozed", until=TOMORROW + timedelta(days=1), reason="x", at=NOW)


def test_a_snooze_that_ended_can_begin_anew_as_it_was(settings: Settings) -> None:
    assert note_state(settings, LOST, "acknowledged", at=NOW)
    assert note_state(settings, LOST, "snoozed", until=TOMORROW, reason="x", at=NOW)
    assert note_state(settings, LOST, "acknowledged", at=NOW + timedelta(days=2))


def test_a_retraction_prevails_over_any_state_set_by_people(settings: Settings) -> None:
    note_state(settings, LOST, "resolved", at=NOW)
    freeze_week(settings, "2026-W12", running=[DARK], retracts={BACK: LOST})
    assert standing(settings) == "retracted"
    assert standing(settings, BACK) == "open"
    with pytest.raises(StateError, match="was retracted: late data reversed it"):
        note_state(settings, LOST, "acknowledged", at=NOW)
    assert note_state(settings, BACK, "acknowledged", at=NOW)


def test_a_retraction_that_a_newer_revision_does_not_repeat_is_void(settings: Settings) -> None:
    freeze_week(settings, "2026-W11", running=[LOST], retracts={BACK: DARK}, revision=2)
    assert standing(settings, DARK) == "retracted"
    freeze_week(settings, "2026-W11", [DARK], running=[LOST, DARK], revision=10)
    assert standing(settings, DARK) == "open"


def test_an_alert_expires_when_its_episode_is_over_unless_resolved(settings: Settings) -> None:
    note_state(settings, LOST, "acknowledged", at=NOW)
    note_state(settings, DARK, "resolved", at=NOW)
    freeze_week(settings, "2026-W12")
    assert (standing(settings), standing(settings, DARK)) == ("expired", "resolved")
    with pytest.raises(StateError, match="has expired"):
        note_state(settings, LOST, "resolved", at=NOW)
    # a week without alerts that leaves the episode open
    freeze_week(settings, "2026-W13", running=[LOST])
    assert standing(settings) == "acknowledged"


def test_an_alert_of_the_newest_week_is_not_over_yet(settings: Settings) -> None:
    freeze_week(settings, "2026-W12", [BACK])
    assert standing(settings, BACK) == "open"


@pytest.mark.parametrize(
    ("status", "more", "why"),
    [
        ("retracted", {}, "comes of the data alone: give acknowledged, snoozed, resolved"),
        ("expired", {}, "comes of the data alone"),
        ("open", {}, "comes of the data alone"),
        ("closed", {}, "an alert cannot be moved to 'closed': give acknowledged"),
        ("snoozed", {"reason": "x"}, f"later than {TODAY}; given: None"),
        ("snoozed", {"reason": "x", "until": TODAY}, f"later than {TODAY}; given: {TODAY}"),
        ("snoozed", {"until": TOMORROW, "reason": " "}, "needs a reason"),
        ("acknowledged", {"until": TOMORROW}, "only a snooze ends by date"),
    ],
)
def test_an_unknown_move_is_refused_with_a_message(
    settings: Settings, status: str, more: dict[str, object], why: str
) -> None:
    with pytest.raises(StateError, match=why):
        note_state(settings, LOST, status, at=NOW, **more)  # type: ignore[arg-type]
    assert read_moves(settings) == {}


def test_a_resolved_alert_stays_resolved(settings: Settings) -> None:
    note_state(settings, LOST, "resolved", at=NOW)
    for status in ("acknowledged", "snoozed"):
        more = {"until": TOMORROW, "reason": "x"} if status == "snoozed" else {}
        with pytest.raises(StateError, match="was resolved: a new change raises a new alert"):
            note_state(settings, LOST, status, at=NOW, **more)  # type: ignore[arg-type]
    assert set(MOVES) == set(STATUSES)
    assert {status for status in MOVES if set(MOVES[status]) <= {status}} == set(FINAL)


def test_an_alert_of_no_published_week_is_refused(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(StateError, match="no published week has an alert d"):
        note_state(settings, "d" * 64, "acknowledged", at=NOW)
    with pytest.raises(StateError, match="no published week"):
        note_state(load_settings(home=tmp_path / "empty", _env_file=None), LOST, "acknowledged", at=NOW)


def test_the_beginning_of_an_id_is_enough(settings: Settings) -> None:
    freeze_week(settings, "2026-W12", ["a" * 63 + "0"])
    assert full_id(settings, "bbbbbb") == DARK
    for text, why in (("aaaaaa", "several"), ("bbbbb", "at least 6"), ("bbbbb'", "hex digits"), ("dddddd", "no alert")):
        with pytest.raises(StateError, match=why):
            full_id(settings, text)


def test_a_line_that_a_kill_has_torn_is_passed_over_and_written_again(settings: Settings) -> None:
    note_state(settings, LOST, "acknowledged", at=NOW)
    whole = settings.alert_states_path.read_bytes()
    note_state(settings, LOST, "resolved", at=NOW)
    second = settings.alert_states_path.read_bytes()[len(whole) :]
    for written in range(0, len(second) - 1, 13):
        settings.alert_states_path.write_bytes(whole + second[:written])
        assert standing(settings) == "acknowledged"
        assert note_state(settings, LOST, "resolved", at=NOW)
        assert standing(settings) == "resolved"


MOVER = """
import sys
from pipeline.alerts.message import STATUSES
from pipeline.alerts.states import note_state
from pipeline.settings import load_settings
settings = load_settings(home=sys.argv[1], _env_file=None)
for turn in range(10**6):
    note_state(settings, sys.argv[2], ("acknowledged", "resolved")[turn > 0] if turn < 2 else "resolved")
    print(turn, flush=True)
"""


def test_noted_state_survives_a_kill(settings: Settings) -> None:
    mover = subprocess.Popen(
        [sys.executable, "-c", MOVER, str(settings.home), LOST], stdout=subprocess.PIPE, env=os.environ.copy()
    )
    assert mover.stdout is not None
    assert mover.stdout.readline() == b"0\n"
    mover.send_signal(signal.SIGKILL)
    mover.wait()
    assert standing(settings) in ("acknowledged", "resolved")
    # the lock of the killed mover is free
    note_state(settings, LOST, "resolved", at=NOW)
    assert standing(settings) == "resolved"
