"""A message as files, for recipients whose channel is not set: a page, a text and an event."""

from __future__ import annotations

import base64
import hashlib
import re

from pipeline.alerts.message import Message
from pipeline.delivery.event import event
from pipeline.reporting.mail.forms import as_html, as_text
from pipeline.reporting.mail.mail import drawn
from pipeline.reporting.mail.view import view


def files(message: Message, delivery_id: str) -> dict[str, bytes]:
    """Return the files by suffix; the page contains its pictures."""
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
    """Return the files' name without suffix, in the folder of their week: `anna-1f0e2d-digest`.

    A watcher's name may contain any character; the hash keeps two names apart that look alike without them.
    """
    watcher = message.digest.recipient.watcher
    readable = re.sub(r"[^a-z0-9]+", "-", watcher.lower()).strip("-")[:40] or "watcher"
    owner = f"{readable}-{hashlib.sha256(watcher.encode()).hexdigest()[:6]}"
    return f"{owner}-{message.kind}" + (f"-{message.alert.alert_id[:12]}" if message.alert else "")
