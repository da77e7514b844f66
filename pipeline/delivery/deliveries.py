"""A delivery: one message to one recipient by one channel, and its id."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pipeline.alerts.message import Kind, Recipient
from pipeline.settings import MAIL_ADDRESS, Settings

Via = Literal["email", "slack", "webhook", "file"]
VIAS: Final[tuple[Via, ...]] = ("file", "webhook", "slack", "email")
"""In the order they are worked through: what cannot be slow first."""
VARIABLES: Final[Mapping[str, str]] = {
    "email": "LEVERAGE_SMTP_URL",
    "slack": "LEVERAGE_SLACK_WEBHOOK_URL",
    "webhook": "LEVERAGE_WEBHOOK_URL",
}
"""The setting without which a channel is off."""


@dataclass(frozen=True)
class Delivery:
    """One message to one recipient by one channel.

    Attributes:
        id: as `delivery_id` makes it; the same for each try.
        kind: what is told.
        about: the alert's id, or `digest`.
        state: the alert's status when it was told; of a digest its week.
        watcher: who is told.
        channel: as the watchlist has it, such as `email:anna@example.com` (private).
        via: how it goes; `file` where the channel's setting is absent.
        week: ISO week.
        revision: of its snapshot.
        name: of its files below `outbox/<WEEK>/`, without ending.
        parts: SHA-256 of each part of the message, by its ending.
        told: ids of the alerts and retractions that a digest lists.
        at: when it was put into the outbox, ISO.
    """

    id: str
    kind: Kind
    about: str
    state: str
    watcher: str
    channel: str
    via: Via
    week: str
    revision: int
    name: str
    parts: Mapping[str, str]
    told: tuple[str, ...]
    at: str

    @property
    def address(self) -> str:
        """What follows the colon of the channel; empty where there is none."""
        return self.channel.partition(":")[2]


def delivery_id(about: str, state: str, recipient: Recipient, channel: str) -> str:
    """SHA-256 over what is told, in which state, whom and how, so that nobody is told the same twice.

    Args:
        about: the alert's id, or `digest`.
        state: the alert's status, or the digest's week.
        recipient: who is told, by the watchlist's name: that of a company may be spelt anew.
        channel: as the watchlist has it.
    """
    # as JSON, since no name can then look like two
    told = json.dumps([about, state, recipient.watcher, channel])
    return hashlib.sha256(told.encode()).hexdigest()


def way_of(channel: str, settings: Settings) -> tuple[Via, str | None]:
    """How a message for `channel` goes, and why not as wished; the words hold no address."""
    kind, _, address = channel.partition(":")
    if kind == "file":
        return "file", None
    if kind == "email" and not MAIL_ADDRESS.fullmatch(address):
        return "file", "an e-mail address of the watchlist is none that mail is sent to"
    urls = {"email": settings.smtp_url, "slack": settings.slack_webhook_url, "webhook": settings.webhook_url}
    if kind not in urls:
        return "file", "a channel of the watchlist is none of email:<address>, slack, webhook, file"
    if urls[kind] is None:
        return "file", f"{VARIABLES[kind]} is not set: messages for {kind} lie in outbox/ as files"
    return kind, None  # type: ignore[return-value]
