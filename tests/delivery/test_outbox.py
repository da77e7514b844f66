"""The outbox: each message once, revisions, files on disk, crashes, locking."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.delivery import outbox
from pipeline.delivery.channel_states import channel_states, finding
from pipeline.delivery.deliver import deliver
from pipeline.delivery.journal import Outbox, locked
from pipeline.delivery.outbox import enqueue
from pipeline.delivery.waiting_files import waiting_dir
from pipeline.settings import Settings
from tests.delivery import made
from tests.delivery.conftest import everything
from tests.delivery.receivers import Clock, Receiver, status


def test_same_week_twice_sends_nothing_new(to_hooks: Settings, hooks: Receiver) -> None:
    assert enqueue(to_hooks, [made.digest("webhook")]).new == {"webhook": 4}
    assert enqueue(to_hooks, [made.digest("webhook")]).new == {}
    deliver(to_hooks)
    assert enqueue(to_hooks, [made.digest("webhook")]).new == {}
    assert deliver(to_hooks).receipts == []
    assert len(hooks.requests) == 4


def test_channel_set_later_does_not_send_the_digest_again(home: Callable[..., Settings], hooks: Receiver) -> None:
    assert set(enqueue(home(), [made.digest("webhook")]).new) == {"file"}
    settings = home(webhook_url=hooks.url, webhook_secret=made.SECRET)
    # events that are not sent as files are new; the digest is not sent again
    enqueue(settings, [made.digest("webhook")])
    deliver(settings)
    assert "leverage.digest" not in [request.event["type"] for request in hooks.requests]


def test_later_revision_sends_only_new_retractions(home: Callable[..., Settings]) -> None:
    enqueue(home(), [made.digest()])
    revised = made.digest(revision=2, alerts=(made.alert(), made.shifted(), made.alert(7, severity="info")))
    assert enqueue(home(), [revised]).new == {}
    late = replace(made.retraction(), alert_id="f" * 64)
    assert enqueue(home(), [replace(revised, retractions=(made.retraction(), late))]).new == {"file": 1}
    assert enqueue(home(), [replace(revised, retractions=(made.retraction(), late))]).new == {}
    kinds = [(one.delivery.kind, one.delivery.about) for one in Outbox(home()).states.values()]
    assert kinds == [("alert", made.alert().alert_id), ("digest", "digest"), ("retraction", late.alert_id)]


def test_critical_alert_found_by_a_revision_is_sent(home: Callable[..., Settings]) -> None:
    enqueue(home(), [made.quiet()])
    assert enqueue(home(), [made.digest(revision=2)]).new == {"file": 2}


def test_acknowledged_alert_is_not_sent(home: Callable[..., Settings]) -> None:
    enqueue(home(), [made.digest(alerts=(made.alert(status="acknowledged"),))])
    assert [one.delivery.kind for one in Outbox(home()).states.values()] == ["digest"]


def test_week_without_changes_is_sent(home: Callable[..., Settings]) -> None:
    assert enqueue(home(), [made.quiet()]).new == {"file": 1}


def test_unset_channels_give_files_and_one_note_each(home: Callable[..., Settings]) -> None:
    settings = home()
    done = enqueue(settings, [made.digest("email:a@example.com"), made.quiet("slack", "webhook"), made.quiet()])
    assert [note.split()[0] for note in done.notes] == [
        *("LEVERAGE_SMTP_URL", "LEVERAGE_SLACK_WEBHOOK_URL", "LEVERAGE_WEBHOOK_URL")
    ]
    assert deliver(settings).sent == {"file": 5}
    folder = settings.outbox_dir / made.WEEK
    names = sorted(path.name for path in folder.iterdir())
    alert = made.alert().alert_id[:12]
    assert names == sorted(
        f"anna-55579b-{what}.{ending}" for what in (f"alert-{alert}", "digest") for ending in ("html", "txt", "json")
    )
    page = (folder / f"anna-55579b-alert-{alert}.html").read_text(encoding="utf-8")
    assert 'src="data:image/png;base64,' in page
    assert json.loads((folder / f"anna-55579b-alert-{alert}.json").read_text())["type"] == "leverage.alert"


def test_sent_messages_are_removed_and_dead_letters_are_not(to_hooks: Settings, hooks: Receiver) -> None:
    hooks.script.append(status(400))
    enqueue(to_hooks, [made.digest("webhook")])
    deliver(to_hooks)
    (path,) = waiting_dir(to_hooks).iterdir()
    (dead,) = [key for key, state in Outbox(to_hooks).states.items() if state.status == "dead"]
    assert path.name == f"{dead}.event.json"
    assert path.stat().st_mode & 0o777 == 0o600


def test_message_changed_on_disk_is_not_sent(to_hooks: Settings, hooks: Receiver) -> None:
    enqueue(to_hooks, [made.quiet("webhook")])
    (path,) = waiting_dir(to_hooks).iterdir()
    path.write_bytes(path.read_bytes() + b" ")
    assert deliver(to_hooks).receipts[0].reason == "its message in outbox/waiting was changed"
    path.unlink()
    assert deliver(to_hooks, retry=True).receipts[0].reason == "its message is gone from outbox/waiting"
    assert hooks.requests == []


def test_kill_before_the_journal_line_is_repaired_by_the_next_call(
    to_hooks: Settings, hooks: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "force_messages", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            enqueue(to_hooks, [made.digest("webhook")])
    assert len(list(waiting_dir(to_hooks).iterdir())) == 4
    assert deliver(to_hooks).receipts == []
    assert list(waiting_dir(to_hooks).iterdir()) == []
    enqueue(to_hooks, [made.digest("webhook")])
    assert deliver(to_hooks).sent == {"webhook": 4}


@pytest.mark.parametrize("torn", [1, 40, 400])
def test_torn_last_line_is_repeated(to_hooks: Settings, hooks: Receiver, torn: int) -> None:
    enqueue(to_hooks, [made.digest("webhook")])
    journal = to_hooks.outbox_path.read_bytes()
    to_hooks.outbox_path.write_bytes(journal[:-torn])
    enqueue(to_hooks, [made.digest("webhook")])
    assert deliver(to_hooks).sent == {"webhook": 4}
    assert len(set(hooks.ids)) == 4
    assert len(Outbox(to_hooks).states) == 4


def test_torn_receipt_sends_again_with_the_same_id(to_hooks: Settings, hooks: Receiver) -> None:
    enqueue(to_hooks, [made.quiet("webhook")])
    waiting = {path: path.read_bytes() for path in waiting_dir(to_hooks).iterdir()}
    deliver(to_hooks)
    to_hooks.outbox_path.write_bytes(to_hooks.outbox_path.read_bytes()[:-20])
    for path, content in waiting.items():
        path.write_bytes(content)
    deliver(to_hooks)
    first, second = hooks.requests
    assert (first.id, first.body) == (second.id, second.body)


def test_runs_take_turns(to_hooks: Settings, hooks: Receiver) -> None:
    enqueue(to_hooks, [made.many(20, "webhook")])
    with locked(to_hooks):
        runs = [threading.Thread(target=deliver, args=(to_hooks,)) for _ in range(3)]
        for run in runs:
            run.start()
        assert hooks.requests == []
    for run in runs:
        run.join()
    assert len(hooks.requests) == len(set(hooks.ids)) == 21


def test_removed_setting_keeps_messages_waiting(
    to_hooks: Settings, home: Callable[..., Settings], hooks: Receiver, clock: Clock
) -> None:
    enqueue(to_hooks, [made.quiet("webhook")], clock.pace())
    report = deliver(home(), pace=clock.pace())
    assert report.notes == ["1 messages wait until LEVERAGE_WEBHOOK_URL is set again"]
    (state,) = [state for state in channel_states(home()) if state.via == "webhook"]
    assert finding(state) == (
        False,
        "is off: LEVERAGE_WEBHOOK_URL is not set; 1 waiting: `leverage deliver` sends what is due",
    )
    assert deliver(to_hooks, pace=clock.pace()).sent == {"webhook": 1}


def test_week_that_is_not_an_iso_week_is_refused(home: Callable[..., Settings]) -> None:
    with pytest.raises(ValueError, match="is not an ISO week"):
        enqueue(home(), [made.digest(as_of_week="../../etc")])


def test_watcher_may_have_any_name(home: Callable[..., Settings]) -> None:
    settings = home()
    names = ["../../etc/passwd", "Zoë", "zoe", "", "x" * 400]
    enqueue(settings, [replace(made.quiet(), recipient=made.recipient(watcher=name)) for name in names])
    deliver(settings)
    pages = list(settings.outbox_dir.rglob("*.html"))
    assert len(pages) == len(names)
    assert {path.parent.name for path in pages} == {made.WEEK}


def test_secrets_appear_in_no_file_log_or_report(
    home: Callable[..., Settings], hooks: Receiver, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    hooks.answers[b"a"] = status(302, Location=hooks.url + "&token=hush")
    settings = home(
        webhook_url=hooks.url + "&token=hush", webhook_secret=made.SECRET, slack_webhook_url=hooks.url + "&key=hush"
    )
    enqueue(settings, [made.digest("webhook", "slack")], clock.pace())
    report = deliver(settings, pace=clock.pace())
    found = [finding(state) for state in channel_states(settings)]
    shown = everything(settings) + caplog.text + repr(report) + repr(found) + repr(settings)
    for secret in ("hush", made.SECRET.removeprefix("whsec_")):
        assert secret not in shown
