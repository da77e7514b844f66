"""A message for a Slack incoming webhook: blocks within Slack's limits.

Slack's markup has entities for `&`, `<` and `>`, so that no text from outside can mention a channel or a person or hide
a link, but no escape for `*`, `_`, `~` and the back-tick: these become characters that look alike. `verbatim` keeps
Slack from making links and mentions itself.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from pipeline.alerts.message import AlertMessage, Message
from pipeline.plain_text import clean, clipped
from pipeline.reporting.alerts import first_screen, labels
from pipeline.reporting.alerts.labels import RETRACTED, TOP

MAX_BLOCKS: Final = 50
MAX_SECTION: Final = 3_000
MAX_HEADER: Final = 150
"""Slack's limits of a message, a section's text and a header, in characters."""
PARAGRAPH: Final = 380
"""Characters of one paragraph: an alert has seven, which must fit into a section however long its names are."""
SIGNS: Final = {"critical": ":red_circle:", "warning": ":large_orange_circle:", "info": ":large_blue_circle:"}
RETRACTED_SIGN: Final = ":leftwards_arrow_with_hook:"
LOOKALIKES: Final = str.maketrans(
    {
        "*": "\N{ASTERISK OPERATOR}",
        "_": "\N{FULLWIDTH LOW LINE}",
        "~": "\N{TILDE OPERATOR}",
        "`": "\N{MODIFIER LETTER GRAVE ACCENT}",
    }
)
EMOJI: Final = re.compile(r":(?=[\w+-]+:)")
"""The colon that begins the name of an emoji."""
ENTITIES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def slack(message: Message) -> bytes:
    """Return the body of the request, as JSON."""
    digest, title = message.digest, labels.subject(message)
    blocks: list[dict[str, Any]] = [_header(title)]
    if message.alert is not None:
        blocks += [_section(_alert(message.alert))]
    else:
        events, lines = first_screen.events(digest), first_screen.line_rows(digest)
        for rank, alert in enumerate(events[:TOP]):
            blocks += [_section(_alert(alert))] if rank == 0 else [{"type": "divider"}, _section(_alert(alert))]
        if lines:
            rows = [f"{row.supplier}, {row.customer}: {row.change}" for row in lines[:TOP]]
            blocks.append(_section("\n".join(["*Lines crossed*", *(escaped(row) for row in rows)])))
        rest = len(events[TOP:]) + len(lines[TOP:]) + digest.more
        if rest:
            blocks.append(_section(f"_{labels.more_text(rest)} of less weight: {labels.WHERE_ELSE}_"))
        if not digest.alerts and not digest.more:
            blocks.append(_section(escaped(first_screen.NOTHING)))
        blocks += [_section(_alert(alert)) for alert in digest.retractions[:RETRACTED]]
        back = len(digest.retractions) - RETRACTED
        if back > 0:
            blocks.append(_section(f"_{labels.more_text(back, 'alert')} taken back_"))
        blocks += [_context(text) for text in digest.limits]
    blocks.append(_context(labels.data_text(digest)))
    body = {"text": escaped(title), "blocks": blocks[:MAX_BLOCKS]}
    return json.dumps(body, ensure_ascii=True).encode()


def escaped(text: str) -> str:
    """Return text from outside so that Slack shows it as it is, without markup."""
    return EMOJI.sub("\N{RATIO}", clean(text)).translate(LOOKALIKES).translate(ENTITIES)


def _alert(alert: AlertMessage) -> str:
    is_retraction = labels.is_retraction(alert)
    sign = RETRACTED_SIGN if is_retraction else SIGNS.get(alert.severity, "")
    lines = [
        f"{sign} *{_short(alert.headline)}*",
        f"{escaped(labels.kind_text(alert))}: {_short(alert.numbers)}",
    ]
    lines += [f"*How sure:* {_short(alert.sure)}"] if alert.sure else []
    if clean(alert.supplier_name) not in clean(alert.headline):
        lines.insert(1, f"*Supplier:* {_short(alert.supplier_name)}")
    lines += [f"*For you:* {_short(alert.meaning)}"] if alert.meaning else []
    if not is_retraction:
        lines.append(f"*Ask them:* {_short(alert.question)}")
        lines.append(f"*It may be instead:* {_short(alert.instead)}")
    group = labels.group_text(alert)
    lines += [escaped(group)] if group else []
    return "\n".join(line for line in lines if line)


def _short(text: str) -> str:
    """Return a paragraph clipped before it is escaped, so that no entity is cut; an entity is up to five characters."""
    plain = clipped(clean(text), PARAGRAPH)
    while len(escaped(plain)) > PARAGRAPH:
        plain = clipped(plain, len(plain) - max(1, (len(escaped(plain)) - PARAGRAPH) // 5))
    return escaped(plain)


def _header(text: str) -> dict[str, Any]:
    return {
        "type": "header",
        "text": {"type": "plain_text", "text": clipped(clean(text), MAX_HEADER), "emoji": False},
    }


def _section(markup: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": markup[:MAX_SECTION], "verbatim": True}}


def _context(text: str) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "plain_text", "text": text[:MAX_SECTION], "emoji": False}]}
