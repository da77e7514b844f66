"""Messages for Slack: limits, escaping, and a receiver."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pipeline.alerts.message import Digest, Message
from pipeline.delivery.channels.slack import slack
from pipeline.delivery.deliver import deliver
from pipeline.delivery.outbox import enqueue
from pipeline.settings import Settings
from tests.delivery import made
from tests.delivery.receivers import Receiver


def blocks(digest: Digest) -> list[dict[str, Any]]:
    body = json.loads(slack(Message("digest", digest, None)))
    assert set(body) == {"text", "blocks"}
    found: list[dict[str, Any]] = body["blocks"]
    return found


def assert_within_limits(found: list[dict[str, Any]]) -> None:
    assert len(found) <= 50
    for block in found:
        if block["type"] == "section":
            assert 0 < len(block["text"]["text"]) <= 3000
            assert block["text"]["verbatim"] is True
        elif block["type"] == "header":
            assert 0 < len(block["text"]["text"]) <= 150


def texts(found: list[dict[str, Any]]) -> str:
    return "\n".join(block["text"]["text"] for block in found if "text" in block)


def test_top_ten_alerts_are_shown_and_the_rest_is_counted() -> None:
    found = blocks(replace(made.many(17), more=4, retractions=(made.retraction(),) * 8))
    assert_within_limits(found)
    assert texts(found).count("*Ask them:*") == 10
    assert "11 more changes" in texts(found)
    assert "3 more alerts taken back" in texts(found)


def test_names_cannot_add_markup() -> None:
    found = blocks(made.hostile())
    assert_within_limits(found)
    shown = texts([block for block in found if block["type"] == "section"])
    assert not re.search(r"<[!@#h]", shown)
    assert "&lt;!channel&gt;" in shown
    assert "*bold*" not in shown
    body = json.loads(slack(Message("digest", made.hostile(), None)))
    assert "<" not in body["text"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<@U123> & <http://x|bank>", "&lt;@U123&gt; &amp; &lt;http://x|bank&gt;"),
        ("a:fire:b 12:30", "a\N{RATIO}fire:b 12:30"),
        ("_so_ ~so~ `so`", "\uff3fso\uff3f \u223cso\u223c \u02cbso\u02cb"),
        ("one\r\ntwo\x00", "one two"),
    ],
)
def test_escaping(text: str, shown: str) -> None:
    found = texts(blocks(made.digest(alerts=(made.alert(headline=text),), retractions=())))
    assert f"*{shown}*" in found


def test_long_text_is_clipped_before_it_is_escaped() -> None:
    long = "<" * 5000
    alert = made.alert(headline=long, numbers=long, meaning=long, question=long, instead=long, supplier_name=long)
    found = blocks(made.digest(alerts=(alert,)))
    assert_within_limits(found)
    shown = texts(found[1:2])
    assert not re.search(r"&(?!(amp|lt|gt);)", shown)
    # the last paragraph is there, and ends as clipped text does
    assert shown.split("\n")[-2].startswith("*It may be instead:* &lt;")
    assert shown.split("\n")[-2].endswith("&lt;\N{HORIZONTAL ELLIPSIS}")


def test_slack_error_code_appears_in_the_reason(home: Callable[..., Settings], hooks: Receiver) -> None:
    from tests.delivery.receivers import status

    hooks.script += [status(400, b"invalid_blocks"), status(200, b"ok")]
    settings = home(slack_webhook_url=hooks.url)
    enqueue(settings, [made.digest("slack")])
    report = deliver(settings)
    assert [receipt.status for receipt in report.receipts] == ["dead", "sent"]
    assert report.receipts[0].reason == "answered 400 (invalid_blocks)"
    assert hooks.requests[1].event["text"].startswith("4 changes at your suppliers")
