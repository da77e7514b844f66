"""A delivery: one message to one recipient by one channel, and its id."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field

from pipeline.alerts.message import Kind, Recipient
from pipeline.setting_checks import MAIL_ADDRESS
from pipeline.settings import Settings

Via = Literal["email", "slack", "teams", "webhook", "file"]
VIAS: Final[tuple[Via, ...]] = ("file", "webhook", "slack", "teams", "email")
"""In the order in which a run works through them: what cannot be slow first."""
VARIABLES: Final[Mapping[Via, str]] = {
    "email": "LEVERAGE_SMTP_URL",
    "slack": "LEVERAGE_SLACK_WEBHOOK_URL",
    "teams": "LEVERAGE_TEAMS_WEBHOOK_URL",
    "webhook": "LEVERAGE_WEBHOOK_URL",
}
"""The setting without which a channel is off."""


@dataclass(frozen=True)
class Delivery:
    """One message to one recipient by one channel; a record of the outbox's journal.

    Attributes:
        id: made by `delivery_id`; the same for each try.
        kind: of message.
        about: the alert's id, or `digest`.
        state: the alert's status when the message was written; of a digest its week.
        watcher: name of the recipient in the watchlist.
        channel: as the watchlist has it, such as `email:anna@example.com` (private).
        via: how it is sent; `file` where the channel's setting is absent.
        week: ISO week.
        revision: of its snapshot.
        name: of its files below `outbox/<WEEK>/`, without suffix.
        parts: SHA-256 of each part of the message, by its suffix.
        listed: ids of the alerts and retractions that a digest lists.
        at: when it was put into the outbox.
    """

    id: str
    kind: Kind
    about: str
    state: str
    watcher: str
    channel: str = field(repr=False)
    via: Via
    week: str
    revision: int
    name: str
    parts: Mapping[str, str]
    listed: Annotated[tuple[str, ...], Field(alias="told")]
    at: datetime
    event: Literal["put_in"] = "put_in"

    @property
    def address(self) -> str:
        """The part of the channel after its colon; empty where there is none."""
        return self.channel.partition(":")[2]


def delivery_id(about: str, state: str, recipient: Recipient, channel: str) -> str:
    """Return the SHA-256 of what a delivery is about, its state, its recipient and channel: each is sent once.

    Args:
        about: the alert's id, or `digest`.
        state: the alert's status, or the digest's week.
        recipient: named as in the watchlist, since the name of a company may be written differently later.
        channel: as the watchlist has it.
    """
    # JSON keeps two neighbouring values from reading like one.
    return hashlib.sha256(json.dumps([about, state, recipient.watcher, channel]).encode()).hexdigest()


def route(channel: str, settings: Settings) -> tuple[Via, str | None]:
    """Return how a message for `channel` is sent, and why not as the watchlist wishes; the words contain no address."""
    kind, _, address = channel.partition(":")
    if kind == "email" and not MAIL_ADDRESS.fullmatch(address):
        return "file", "an e-mail address of the watchlist is none that mail is sent to"
    urls = {
        "email": settings.smtp_url,
        "slack": settings.slack_webhook_url,
        "teams": settings.teams_webhook_url,
        "webhook": settings.webhook_url,
    }
    for via in VIAS:
        if via == kind and (via == "file" or urls[via]):
            return via, None
        if via == kind:
            return "file", f"{VARIABLES[via]} is not set: messages for {via} go to outbox/ as files"
    return "file", "a channel of the watchlist is none of email:<address>, slack, teams, webhook, file"
