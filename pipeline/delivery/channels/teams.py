"""A message for a Microsoft Teams workflow webhook: an Adaptive Card in the envelope that the workflow expects.

All text stands in text runs: a text run has no markup, so that no text from outside can hide a link or mention a person
(a mention needs an entity of the card as well).
"""

from __future__ import annotations

import json
from typing import Any, Final

from pipeline.alerts.message import AlertMessage, Message
from pipeline.plain_text import clean, clipped
from pipeline.reporting.alerts import first_screen, labels
from pipeline.reporting.alerts.labels import RETRACTED, TOP

MAX_BYTES: Final = 27_000
"""Teams refuses a message above 28 kB, its own additions included."""
VERSION: Final = "1.4"
"""Of Adaptive Cards; Teams on telephones shows none newer in full."""
PARAGRAPH: Final = 450
"""Characters of one paragraph."""
COLOURS: Final = {"critical": "Attention", "warning": "Warning", "info": "Accent"}


def teams(message: Message) -> bytes:
    """Return the body of the request, as JSON; events that do not fit are counted among the rest."""
    content = b""
    for shown in range(TOP, -1, -1):
        content = _body(message, shown)
        if len(content) <= MAX_BYTES:
            return content
    raise ValueError(f"a card of {len(content):,} bytes cannot be cut below {MAX_BYTES:,}")


def _body(message: Message, shown: int) -> bytes:
    title = labels.subject(message)
    blocks = [_block(_run(title, weight="Bolder", size="Large"))]
    blocks += [_alert(message.alert)] if message.alert is not None else _digest(message, shown)
    blocks.append(_block(_run(labels.data_text(message.digest), isSubtle=True, size="Small")))
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": VERSION,
        "fallbackText": _plain(title),
        "msteams": {"width": "Full"},
        "body": blocks,
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return json.dumps({"type": "message", "attachments": [attachment]}, ensure_ascii=False).encode()


def _digest(message: Message, shown: int) -> list[dict[str, Any]]:
    digest = message.digest
    events, lines = first_screen.events(digest), first_screen.line_rows(digest)
    blocks = [_alert(alert) for alert in events[:shown]]
    if not digest.alerts and not digest.more:
        blocks.append(_block(_run(first_screen.NOTHING)))
    if lines:
        blocks.append(_block(_run("Lines crossed", weight="Bolder"), separator=True))
        blocks += [_block(_run(f"{row.supplier}, {row.customer}: {row.change}")) for row in lines[:TOP]]
    rest = len(events[shown:]) + len(lines[TOP:]) + digest.more
    if rest:
        blocks.append(_block(_run(f"{labels.more_text(rest)} of less weight: {labels.WHERE_ELSE}"), separator=True))
    kept = min(RETRACTED, shown)
    blocks += [_alert(alert) for alert in digest.retractions[:kept]]
    if back := len(digest.retractions[kept:]):
        blocks.append(_block(_run(f"{labels.more_text(back, 'alert')} taken back")))
    return [*blocks, *(_block(_run(text, isSubtle=True, size="Small")) for text in digest.limits)]


def _alert(alert: AlertMessage) -> dict[str, Any]:
    is_retraction = labels.is_retraction(alert)
    colour = "Default" if is_retraction else COLOURS.get(alert.severity, "Default")
    items = [
        _block(_run(labels.label(alert), color=colour, weight="Bolder", size="Small")),
        _block(_run(alert.headline, weight="Bolder")),
    ]
    if clean(alert.supplier_name) not in clean(alert.headline):
        items.append(_headed("Supplier", alert.supplier_name))
    texts = [("For you", alert.meaning or ""), ("How sure", alert.sure)]
    texts += [] if is_retraction else [("Ask them", alert.question), ("It may be instead", alert.instead)]
    texts.append(("In figures", alert.numbers))
    items += [_headed(head, text) for head, text in texts if text]
    group = labels.group_text(alert)
    items += [_block(_run(group, isSubtle=True))] if group else []
    return {"type": "Container", "separator": True, "spacing": "Medium", "items": items}


def _headed(head: str, text: str) -> dict[str, Any]:
    return _block(_run(f"{head}: ", isSubtle=True), _run(text))


def _block(*runs: dict[str, Any], **given: Any) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": list(runs), **given}


def _run(text: str, **given: Any) -> dict[str, Any]:
    # a blank at the end parts two runs
    end = " " if text.endswith(" ") else ""
    return {"type": "TextRun", "text": _plain(text) + end, **given}


def _plain(text: str) -> str:
    """A paragraph without the braces by which a card computes dates."""
    return clipped(clean(text), PARAGRAPH).replace("{{", "{ {")
