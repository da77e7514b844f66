"""Retries: schedule, order, dead letters, endpoints that are off, failures of one message among others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from pipeline.delivery import deliver as deliver_module
from pipeline.delivery.channel_states import channel_states
from pipeline.delivery.deliver import deliver
from pipeline.delivery.journal import Outbox
from pipeline.delivery.outbox import enqueue
from pipeline.delivery.schedule import STEPS_S
from pipeline.settings import Settings
from tests.delivery import made
from tests.delivery.receivers import Clock, Receiver, status


def test_message_is_tried_ten_times_in_three_days_then_becomes_a_dead_letter(
    to_hooks: Settings, hooks: Receiver, clock: Clock
) -> None:
    hooks.answers[b"leverage"] = status(500)
    enqueue(to_hooks, [made.quiet("webhook")], clock.pace())
    start, tries = clock.time, []
    while not (report := deliver(to_hooks, pace=clock.pace())).dead:
        tries += [(receipt.at - start).total_seconds() for receipt in report.receipts]
        (waiting,) = Outbox(to_hooks).states.values()
        clock.time = waiting.due - timedelta(seconds=11)
        assert deliver(to_hooks, pace=clock.pace()).receipts == []
        clock.time = waiting.due
    tries += [(receipt.at - start).total_seconds() for receipt in report.receipts]
    gaps = [later - earlier for earlier, later in pairwise(tries)]
    assert gaps == list(STEPS_S[1:])
    assert STEPS_S == (0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
    assert len(set(hooks.ids)) == 1
    assert len({request.body for request in hooks.requests}) == 1
    (state,) = [state for state in channel_states(to_hooks) if state.via == "webhook"]
    assert (len(state.dead), state.waiting, state.last_failure) == (1, [], "answered 500")
    hooks.answers.clear()
    report = deliver(to_hooks, retry=True, pace=clock.pace())
    assert (report.reopened, report.sent) == (1, {"webhook": 1})
    assert report.receipts[0].attempt == 11
    assert len(set(hooks.ids)) == 1


def test_run_waits_for_a_short_step_and_not_for_a_long_one(to_hooks: Settings, hooks: Receiver, clock: Clock) -> None:
    hooks.answers[b"leverage"] = status(500)
    enqueue(to_hooks, [made.quiet("webhook")], clock.pace())
    report = deliver(to_hooks, pace=clock.pace())
    assert (len(report.receipts), clock.waits, report.waiting) == (2, [5], {"webhook": 1})
    assert not report.success


@pytest.mark.parametrize("code", [400, 401, 404, 413, 422])
def test_permanent_refusal_makes_a_dead_letter_at_once(to_hooks: Settings, hooks: Receiver, code: int) -> None:
    hooks.script.append(status(code, b"invalid_payload"))
    enqueue(to_hooks, [made.digest("webhook")])
    report = deliver(to_hooks)
    assert report.dead == {"webhook": 1}
    assert report.sent == {"webhook": 3}
    assert report.receipts[0].reason == f"answered {code} (invalid_payload)"
    assert deliver(to_hooks).receipts == []


def test_answer_text_is_repeated_only_if_it_is_a_code(to_hooks: Settings, hooks: Receiver) -> None:
    hooks.script.append(status(400, b"your token whsec_secret123 is bad"))
    enqueue(to_hooks, [made.quiet("webhook")])
    assert deliver(to_hooks).receipts[0].reason == "answered 400"


@pytest.mark.parametrize(("asked", "waited"), [("7", 7.0), ("2", 5.0), ("date", 9.0)])
def test_retry_after_lengthens_a_step_and_never_shortens_it(
    to_hooks: Settings, hooks: Receiver, clock: Clock, asked: str, waited: float
) -> None:
    clock.time = clock.time.replace(microsecond=0)
    header = format_datetime(clock.time + timedelta(seconds=9)) if asked == "date" else asked
    hooks.script.append(status(429, Retry_After=header))
    enqueue(to_hooks, [made.digest("webhook")], clock.pace())
    report = deliver(to_hooks, pace=clock.pace())
    # the others wait with the one that was asked to
    assert (clock.waits, report.sent) == ([waited], {"webhook": 4})
    assert len(hooks.requests) == 5


def test_retry_after_of_an_hour_holds_across_runs(to_hooks: Settings, hooks: Receiver, clock: Clock) -> None:
    hooks.script.append(status(503, Retry_After="3600"))
    enqueue(to_hooks, [made.digest("webhook")], clock.pace())
    assert deliver(to_hooks, pace=clock.pace()).waiting == {"webhook": 4}
    assert len(hooks.requests) == 1
    clock.time += timedelta(seconds=3601)
    assert deliver(to_hooks, pace=clock.pace()).sent == {"webhook": 4}


def test_410_turns_the_endpoint_off_until_retry(to_hooks: Settings, hooks: Receiver, clock: Clock) -> None:
    hooks.script.append(status(410))
    enqueue(to_hooks, [made.digest("webhook")], clock.pace())
    report = deliver(to_hooks, pace=clock.pace())
    assert (len(hooks.requests), report.waiting, report.sent) == (1, {"webhook": 4}, {})
    assert "is off since" in report.notes[0]
    clock.time += timedelta(days=10)
    assert deliver(to_hooks, pace=clock.pace()).receipts == []
    assert len(hooks.requests) == 1
    assert deliver(to_hooks, retry=True, pace=clock.pace()).sent == {"webhook": 4}


def test_new_address_is_not_off(
    to_hooks: Settings, home: Callable[..., Settings], hooks: Receiver, clock: Clock
) -> None:
    hooks.script.append(status(410))
    enqueue(to_hooks, [made.quiet("webhook")], clock.pace())
    deliver(to_hooks, pace=clock.pace())
    elsewhere = home(webhook_url=hooks.url + "&new=1", webhook_secret=made.SECRET)
    assert deliver(elsewhere, pace=clock.pace()).sent == {"webhook": 1}


def test_failing_message_does_not_delay_others(to_hooks: Settings, hooks: Receiver, clock: Clock) -> None:
    bad = made.many(12, "webhook").alerts[5].alert_id
    hooks.answers[f'"alert_id":"{bad}","alert_type"'.encode()] = status(500)
    enqueue(to_hooks, [made.many(12, "webhook")], clock.pace())
    report = deliver(to_hooks, pace=clock.pace())
    # the digest lists the bad alert too, so it fails as well
    assert report.sent == {"webhook": 11}
    assert report.waiting == {"webhook": 2}


def test_dead_endpoint_costs_a_run_a_few_tries(to_hooks: Settings, hooks: Receiver, clock: Clock) -> None:
    hooks.answers[b"leverage"] = status(502)
    enqueue(to_hooks, [made.many(40, "webhook")], clock.pace())
    report = deliver(to_hooks, pace=clock.pace())
    assert len(report.receipts) <= 4
    assert report.waiting == {"webhook": 41}
    hooks.answers.clear()
    clock.time += timedelta(minutes=6)
    assert deliver(to_hooks, pace=clock.pace()).sent == {"webhook": 41}
    # what had not been tried yet went before what had failed
    assert hooks.ids[-1] in {receipt.delivery.id for receipt in report.receipts}


def test_new_messages_go_before_failed_ones(to_hooks: Settings, hooks: Receiver, clock: Clock) -> None:
    hooks.answers[b"2026-W45"] = status(500)
    enqueue(to_hooks, [made.quiet("webhook", as_of_week="2026-W45")], clock.pace())
    deliver(to_hooks, pace=clock.pace())
    clock.time += timedelta(days=7)
    enqueue(to_hooks, [made.quiet("webhook", as_of_week="2026-W46")], clock.pace())
    report = deliver(to_hooks, pace=clock.pace())
    assert [(receipt.delivery.week, receipt.status) for receipt in report.receipts[:2]] == [
        ("2026-W46", "sent"),
        ("2026-W45", "waiting"),
    ]


def test_receiver_that_always_asks_to_wait_does_not_prolong_a_run(
    to_hooks: Settings, hooks: Receiver, clock: Clock
) -> None:
    hooks.answers[b"leverage"] = status(429, Retry_After="1")
    enqueue(to_hooks, [made.many(40, "webhook")], clock.pace())
    assert len(deliver(to_hooks, pace=clock.pace()).receipts) <= 4
    assert sum(clock.waits) <= 60


def test_dead_webhook_does_not_delay_files(to_hooks: Settings, hooks: Receiver, clock: Clock) -> None:
    hooks.answers[b"leverage"] = status(502)
    enqueue(to_hooks, [made.quiet("webhook", "file")], clock.pace())
    assert deliver(to_hooks, pace=clock.pace()).sent == {"file": 1}


def test_run_reads_the_journal_once(to_hooks: Settings, hooks: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    original = deliver_module.Outbox

    class Counting(original):  # type: ignore[misc, valid-type]
        def __init__(self, settings: Settings) -> None:
            read.append(1)
            super().__init__(settings)

    monkeypatch.setattr(deliver_module, "Outbox", Counting)
    enqueue(to_hooks, [made.many(200, "webhook")])
    assert deliver(to_hooks).sent == {"webhook": 201}
    assert len(read) == 1
    assert len(set(hooks.ids)) == 201
    assert {request.fault for request in hooks.requests} == {None}
