"""Webhooks against a receiver that checks signatures with the reference library."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import trustme
from pydantic import SecretStr

from pipeline.delivery.channels.configured import signed
from pipeline.delivery.deliver import deliver
from pipeline.delivery.outbox import enqueue
from pipeline.settings import Settings
from tests.delivery import made
from tests.delivery.receivers import STALLED_S, Clock, Receiver, drip, endless, receiver, reset, stall, status


def test_each_alert_arrives_signed_as_a_cloud_event(to_hooks: Settings, hooks: Receiver) -> None:
    enqueue(to_hooks, [made.digest("webhook")])
    report = deliver(to_hooks)
    assert report.sent == {"webhook": 4}
    assert [request.fault for request in hooks.requests] == [None] * 4
    events = [request.event for request in hooks.requests]
    assert [event["type"] for event in events] == [*["leverage.alert"] * 2, "leverage.retraction", "leverage.digest"]
    assert [event["id"] for event in events] == hooks.ids
    assert {event["specversion"] for event in events} == {"1.0"}
    assert {request.headers["content-type"] for request in hooks.requests} == {
        "application/cloudevents+json; charset=utf-8"
    }
    assert hooks.requests[0].headers["host"] == hooks.url.split("/")[2]
    first = events[0]["data"]
    assert (first["alert_id"], first["bills_in_all"], len(first["bills"])) == (made.alert().alert_id, 57, 20)


def test_signature_equals_the_example_of_the_specification() -> None:
    """The worked example of Standard Webhooks 1.0.0's reference tests."""
    moment = datetime.fromtimestamp(1614265330, UTC)
    headers = signed(SecretStr(made.SECRET), "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', moment)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("known", [made.SECRET, made.OTHER_SECRET])
def test_both_secrets_sign_while_they_change(home: Callable[..., Settings], known: str) -> None:
    with receiver(known) as hooks:
        settings = home(webhook_url=hooks.url, webhook_secret=f"{made.OTHER_SECRET} {made.SECRET}")
        enqueue(settings, [made.quiet("webhook")])
        deliver(settings)
        assert [request.fault for request in hooks.requests] == [None]
        assert len(hooks.requests[0].headers["webhook-signature"].split()) == 2


def test_wrong_secret_fails_verification(home: Callable[..., Settings], hooks: Receiver) -> None:
    settings = home(webhook_url=hooks.url, webhook_secret=made.OTHER_SECRET)
    enqueue(settings, [made.quiet("webhook")])
    deliver(settings)
    assert hooks.requests[0].fault == "No matching signature found"


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (status(500), "answered 500"),
        (status(408), "answered 408"),
        (status(425), "answered 425"),
        (status(302, Location="http://169.254.169.254/"), "answered 302: redirects are not followed"),
        (stall, f"no answer within {STALLED_S:g} s"),
        (drip, f"no answer within {STALLED_S:g} s"),
        (reset, "cannot be reached (ConnectionResetError)"),
    ],
)
def test_passing_failure_is_retried_with_the_same_id_and_bytes(
    to_hooks: Settings, hooks: Receiver, clock: Clock, step: object, words: str
) -> None:
    hooks.script.append(step)  # type: ignore[arg-type]
    enqueue(to_hooks, [made.quiet("webhook")], clock.pace())
    report = deliver(to_hooks, pace=clock.pace(), seconds=STALLED_S if step in (stall, drip) else 15)
    first, second = hooks.requests
    assert (first.id, first.body) == (second.id, second.body)
    assert [(receipt.attempt, receipt.status) for receipt in report.receipts] == [(1, "waiting"), (2, "sent")]
    assert report.receipts[0].reason.startswith(words)
    assert clock.waits == [5]
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) in (5, 6)


def test_endless_answer_is_cut_off(to_hooks: Settings, hooks: Receiver) -> None:
    hooks.script.append(endless)
    enqueue(to_hooks, [made.quiet("webhook")])
    assert deliver(to_hooks).sent == {"webhook": 1}


def test_https_requires_a_trusted_certificate(
    home: Callable[..., Settings], clock: Clock, authority: trustme.CA, trusting: ssl.SSLContext
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with receiver(made.SECRET, context) as hooks:
        settings = home(webhook_url=hooks.url, webhook_secret=made.SECRET)
        enqueue(settings, [made.quiet("webhook")])
        report = deliver(settings, pace=clock.pace(), tls=ssl.create_default_context())
        assert {receipt.reason for receipt in report.receipts} == {"its certificate is not trusted"}
        assert hooks.requests == []
        assert deliver(settings, retry=True, pace=clock.pace(), tls=trusting).sent == {"webhook": 1}


def test_stalled_tls_connection_ends_in_time(
    home: Callable[..., Settings], clock: Clock, authority: trustme.CA, trusting: ssl.SSLContext
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with receiver(made.SECRET, context) as hooks:
        hooks.script += [drip, drip]
        settings = home(webhook_url=hooks.url, webhook_secret=made.SECRET)
        enqueue(settings, [made.quiet("webhook")])
        report = deliver(settings, pace=clock.pace(), tls=trusting, seconds=STALLED_S)
        assert {receipt.reason for receipt in report.receipts} == {f"no answer within {STALLED_S:g} s"}
