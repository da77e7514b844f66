"""Kills: nothing is lost, nothing gets another id."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from pipeline.delivery.deliver import deliver
from pipeline.delivery.journal import Outbox
from pipeline.delivery.outbox import enqueue
from pipeline.settings import Settings
from tests.delivery import made
from tests.delivery.receivers import Receiver, status

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60


def started(settings: Settings, hooks: Receiver, work: str) -> subprocess.Popen[bytes]:
    """`work` in a process of its own, which knows `settings`."""
    code = f"""
from pipeline.delivery.deliver import deliver
from pipeline.delivery.outbox import enqueue
from pipeline.settings import load_settings
from tests.delivery import made
settings = load_settings()
{work}
"""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]),
        "LEVERAGE_HOME": str(settings.home),
        "LEVERAGE_WEBHOOK_URL": hooks.url,
        "LEVERAGE_WEBHOOK_SECRET": made.SECRET,
    }
    return subprocess.Popen([sys.executable, "-c", code], env=environment)


def killed_after(process: subprocess.Popen[bytes], reached: int, count: object) -> None:
    """Kill once `count()` has reached a number."""
    end = time.monotonic() + PATIENCE_S
    while count() < reached:  # type: ignore[operator]
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < end
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.full
def test_thousand_alerts_with_kills_are_all_delivered_and_few_twice(to_hooks: Settings, hooks: Receiver) -> None:
    """Putting in is killed twice, sending three times, and the receiver fails now and then."""
    digest = made.many(1000, "webhook")
    failures = {3: status(500), 140: status(429, Retry_After="1"), 333: status(503), 700: status(500)}
    hooks.script += [failures.get(place, status(204)) for place in range(1200)]
    waiting = to_hooks.outbox_dir / "waiting"
    for reached in (200, 700):
        process = started(to_hooks, hooks, 'enqueue(settings, [made.many(1000, "webhook")])')
        killed_after(process, reached, lambda: len(list(waiting.iterdir())) if waiting.exists() else 0)
        assert not to_hooks.outbox_path.exists()
    assert enqueue(to_hooks, [digest]).new == {"webhook": 1001}
    for reached in (120, 450, 800):
        killed_after(started(to_hooks, hooks, "deliver(settings)"), reached, lambda: len(hooks.requests))
    while (report := deliver(to_hooks)).waiting:
        assert not report.dead
        time.sleep(1)
    assert enqueue(to_hooks, [digest]).new == {}

    expected = set(Outbox(to_hooks).states)
    assert len(expected) == 1001
    assert set(hooks.ids) == expected
    assert {request.fault for request in hooks.requests} == {None}
    bodies = {request.id: request.body for request in hooks.requests}
    assert all(bodies[request.id] == request.body for request in hooks.requests)
    # only what was being sent at a kill, or failed, arrived twice
    again = sum(count - 1 for count in Counter(hooks.ids).values())
    assert again <= 3 + len(failures)
    assert {state.status for state in Outbox(to_hooks).states.values()} == {"sent"}


def test_kill_between_sending_and_receipt_sends_the_same_message_again(to_hooks: Settings, hooks: Receiver) -> None:
    enqueue(to_hooks, [made.quiet("webhook")])
    die = "import os; from pipeline.delivery.journal import Outbox; Outbox.record = lambda *_: os._exit(9)"
    process = started(to_hooks, hooks, f"{die}\ndeliver(settings)")
    assert process.wait() == 9
    assert deliver(to_hooks).sent == {"webhook": 1}
    first, second = hooks.requests
    assert (first.id, first.body) == (second.id, second.body)
