"""`leverage deliver`, and the channels in `leverage doctor`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli.doctor.examine import examine
from pipeline.cli.main import main
from pipeline.delivery.outbox import enqueue
from pipeline.settings import Settings
from tests.delivery import made
from tests.delivery.receivers import Receiver, status

ANNA = "anna@example.com"


@pytest.fixture
def run(to_hooks: Settings, hooks: Receiver, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command in the home that the receiver belongs to."""
    monkeypatch.chdir(Path(to_hooks.home).parent)
    monkeypatch.setenv("LEVERAGE_HOME", str(to_hooks.home))
    monkeypatch.setenv("LEVERAGE_WEBHOOK_URL", hooks.url)
    monkeypatch.setenv("LEVERAGE_WEBHOOK_SECRET", made.SECRET)
    return lambda *words: CliRunner().invoke(main, ["deliver", *words])


def test_empty_outbox_exits_with_nothing_to_do(run: Callable[..., Result]) -> None:
    answer = run()
    assert (answer.exit_code, answer.stdout) == (3, "nothing is due\n")


def test_sent_messages_are_counted_by_channel(run: Callable[..., Result], to_hooks: Settings) -> None:
    enqueue(to_hooks, [made.digest("webhook", "file")])
    answer = run()
    assert answer.exit_code == 0, answer.output
    assert answer.stdout.split() == [
        *("channel", "sent", "waiting", "dead"),
        *("file", "2", "0", "0"),
        *("webhook", "4", "0", "0"),
    ]


def test_dead_letter_fails_the_command_and_can_be_retried(
    run: Callable[..., Result], to_hooks: Settings, hooks: Receiver
) -> None:
    hooks.script.append(status(400))
    enqueue(to_hooks, [made.quiet("webhook")])
    answer = run("--json")
    document = json.loads(answer.stdout)
    assert (answer.exit_code, document["success"], document["dead"]) == (1, False, {"webhook": 1})
    assert document["receipts"][0]["reason"] == "answered 400"
    (line,) = [item for item in examine() if item.subject == "delivery by webhook"]
    assert not line.ok
    assert "1 dead letters (answered 400): fix the cause, then `leverage deliver --retry`" in line.text
    assert run("--retry").exit_code == 0
    (line,) = [item for item in examine() if item.subject == "delivery by webhook"]
    assert line.ok
    assert line.text.startswith("is set; 1 sent, the last ")


def test_channel_turned_off_is_shown(run: Callable[..., Result], to_hooks: Settings, hooks: Receiver) -> None:
    hooks.script.append(status(410))
    enqueue(to_hooks, [made.quiet("webhook")])
    answer = run()
    assert answer.exit_code == 1
    assert "webhook is off since" in answer.stderr
    (line,) = [item for item in examine() if item.subject == "delivery by webhook"]
    assert not line.ok
    assert "it answered 410: it wants no more messages; `leverage deliver --retry` tries again" in line.text


def test_no_address_is_printed(run: Callable[..., Result], to_hooks: Settings, hooks: Receiver) -> None:
    enqueue(to_hooks, [made.digest(f"email:{ANNA}", "webhook")])
    hooks.script.append(status(400))
    for words in ((), ("--json",)):
        assert ANNA not in run(*words).output
        assert "127.0.0.1" not in run(*words).output
    assert not [item for item in examine() if ANNA in item.text]


def test_doctor_names_channels_that_are_not_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEVERAGE_HOME", str(tmp_path / "home"))
    found = {item.subject: item for item in examine()}
    assert found["delivery by email"].ok
    assert found["delivery by email"].text == "is off: LEVERAGE_SMTP_URL is not set"
