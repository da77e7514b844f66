"""Messages for Microsoft Teams: the envelope, limits, plain text, and a receiver."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from pipeline.alerts.message import Digest, Message
from pipeline.delivery.channel_states import channel_states, finding
from pipeline.delivery.channels.teams import teams
from pipeline.delivery.deliver import deliver
from pipeline.delivery.outbox import enqueue
from pipeline.settings import Settings
from tests.delivery import made
from tests.delivery.receivers import Receiver, status

TEAMS_LIMIT = 28 * 1024


def card(digest: Digest) -> dict[str, Any]:
    content = teams(Message("digest", digest, None))
    assert len(content) < TEAMS_LIMIT
    body = json.loads(content)
    assert body["type"] == "message"
    (attachment,) = body["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    found: dict[str, Any] = attachment["content"]
    assert (found["type"], found["version"]) == ("AdaptiveCard", "1.4")
    return found


def runs(part: Any) -> Iterator[dict[str, Any]]:
    for item in part if isinstance(part, list) else [part]:
        if item["type"] == "TextRun":
            yield item
        else:
            assert item["type"] in ("AdaptiveCard", "Container", "RichTextBlock"), "a text block reads markup"
            yield from runs(item.get("body") or item.get("items") or item["inlines"])


def text_of(digest: Digest) -> str:
    return "\n".join(run["text"] for run in runs(card(digest)))


def test_card_has_events_in_full_lines_in_rows_and_what_cannot_be_judged() -> None:
    digest = made.digest(alerts=(made.alert(), made.line()), limits=("The record is short.",))
    text = text_of(digest)
    alert = made.alert()
    for words in (alert.headline, alert.meaning, alert.sure, alert.question, alert.instead, alert.numbers):
        assert words is not None
        assert words in text
    assert f"YUZANDELDO MACHINERY SRL, PELICAN STORES CORP.: {made.line().change}" in text
    assert text.count("Ask them: ") == 1, "a line is a row"
    assert "2 more changes" in text
    assert "The record is short." in text
    assert "Nothing changed this week" in text_of(made.quiet())


def test_top_ten_events_are_shown_and_the_rest_is_counted() -> None:
    text = text_of(replace(made.many(17), more=4, retractions=(made.retraction(),) * 8))
    assert text.count("Ask them: ") == 10
    assert "11 more changes" in text
    assert "3 more alerts taken back" in text


def test_card_that_would_be_too_large_counts_more() -> None:
    long = tuple(
        made.alert(number, **dict.fromkeys(("headline", "meaning", "question", "instead"), "漢" * 5000))
        for number in range(10)
    )
    text = text_of(made.digest(alerts=long, more=0))
    shown = text.count("Ask them: ")
    assert 0 < shown < 10
    assert f"{10 - shown} more change" in text


def test_names_cannot_add_markup_or_computed_dates() -> None:
    digest = made.hostile()
    text = text_of(replace(digest, alerts=(replace(digest.alerts[0], headline="{{DATE(2026-11-02T00:00:00Z)}}"),)))
    assert "{{" not in text
    assert "\u202e" not in text
    assert "\r" not in text


def test_message_is_sent_with_receipt_and_without_the_address(home: Callable[..., Settings], hooks: Receiver) -> None:
    hooks.script += [status(202, b""), status(400, b"bad card")]
    settings = home(teams_webhook_url=hooks.url + "?sig=hush")
    enqueue(settings, [made.digest("teams")])
    report = deliver(settings)
    assert [receipt.status for receipt in report.receipts] == ["sent", "dead"]
    assert hooks.requests[0].event["attachments"][0]["content"]["version"] == "1.4"
    words = [finding(state) for state in channel_states(settings) if state.via == "teams"]
    assert len(words) == 1
    assert "hush" not in f"{report.receipts} {words} {settings!r} {settings.model_dump_json()}"


def test_channel_that_is_off_writes_files_and_says_so(home: Callable[..., Settings]) -> None:
    done = enqueue(home(), [made.quiet("teams")])
    assert done.notes == ["LEVERAGE_TEAMS_WEBHOOK_URL is not set: messages for teams go to outbox/ as files"]
