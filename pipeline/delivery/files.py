"""A message as files, for those whose channel is not set: a page that opens in any browser, a text, an event.

Belongs here: the three files and their name. Does not belong here: what they show (`mail_view`, `event`).
"""

from __future__ import annotations

import base64
import hashlib
import re

from pipeline.delivery.event import event
from pipeline.delivery.mail import drawn
from pipeline.delivery.mail_html import as_html
from pipeline.delivery.mail_text import as_text
from pipeline.delivery.mail_view import view
from pipeline.delivery.plan import Message


def files(message: Message, delivery_id: str) -> dict[str, bytes]:
    """The files by ending; the page holds its pictures."""
    pictures = {
        alert_id: f"data:image/png;base64,{base64.b64encode(content).decode()}"
        for alert_id, content in drawn(message).items()
    }
    shown = view(message, pictures)
    return {
        "html": as_html(shown).encode(),
        "txt": as_text(shown).encode(),
        "json": event(message, delivery_id, limit=None),
    }


def name_of(message: Message) -> str:
    """The files' name without ending, in the folder of their week: `anna-1f0e2d-digest`.

    A watcher's name may hold anything; what it becomes is told apart by a digest of it.
    """
    watcher = message.digest.recipient.watcher
    readable = re.sub(r"[^a-z0-9]+", "-", watcher.lower()).strip("-")[:40] or "watcher"
    owner = f"{readable}-{hashlib.sha256(watcher.encode()).hexdigest()[:6]}"
    return f"{owner}-{message.kind}" + (f"-{message.alert.alert_id[:12]}" if message.alert else "")
