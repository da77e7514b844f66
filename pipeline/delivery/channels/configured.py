"""The channels that are set: where each leads, and how one message is sent."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pydantic import SecretStr
from standardwebhooks import Webhook

from pipeline.delivery.channels.http import post
from pipeline.delivery.channels.outcome import Outcome
from pipeline.delivery.channels.smtp import Smtp
from pipeline.delivery.deliveries import Delivery, Via
from pipeline.settings import Settings
from pipeline.state.files import write_whole

SECONDS: Final = 15.0
"""For all of one try: Standard Webhooks asks for 15 to 30."""
Send = Callable[[Delivery, Mapping[str, bytes], datetime], Outcome]


@dataclass(frozen=True)
class Channel:
    """One channel that is set.

    Attributes:
        endpoint: a name for where it leads that does not reveal the address.
        send: tries one message once, given its parts by their suffixes and the time.
    """

    endpoint: str
    send: Send


@contextmanager
def open_channels(
    settings: Settings, seconds: float = SECONDS, tls: ssl.SSLContext | None = None
) -> Iterator[Mapping[Via, Channel]]:
    """Yield every channel that is set; each connects at its first message.

    Args:
        settings: with the channels' addresses.
        seconds: for all of one try.
        tls: trusted authorities instead of the machine's.
    """
    channels: dict[Via, Channel] = {"file": Channel(_endpoint("outbox"), _to_files(settings))}
    with ExitStack() as stack:
        if settings.webhook_url and settings.webhook_secret:
            url, secret = settings.webhook_url.get_secret_value(), settings.webhook_secret
            channels["webhook"] = Channel(_endpoint(url), _to_webhook(url, secret, seconds, tls))
        if settings.slack_webhook_url:
            url = settings.slack_webhook_url.get_secret_value()
            channels["slack"] = Channel(_endpoint(url), _to_chat(url, "slack.json", seconds, tls))
        if settings.teams_webhook_url:
            url = settings.teams_webhook_url.get_secret_value()
            channels["teams"] = Channel(_endpoint(url), _to_chat(url, "teams.json", seconds, tls))
        if settings.smtp_url:
            smtp = Smtp(settings.smtp_url, seconds, tls)
            stack.callback(smtp.close)
            channels["email"] = Channel(_endpoint(settings.smtp_url.get_secret_value()), _to_mailbox(smtp))
        yield channels


def signed(secrets: SecretStr, message_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers that sign `body` (Standard Webhooks 1.0.0), with one signature for each secret.

    Args:
        secrets: one `whsec_...`, or two separated by a blank while they change.
        message_id: the same for each try; hexadecimal, so that it cannot shift what is signed.
        body: as it is sent.
        now: the time of this try, against replays.
    """
    moment = datetime.fromtimestamp(int(now.timestamp()), UTC)
    signatures = [Webhook(one).sign(message_id, moment, body.decode()) for one in secrets.get_secret_value().split()]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _endpoint(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:16]


def _to_files(settings: Settings) -> Send:
    def send(delivery: Delivery, parts: Mapping[str, bytes], _: datetime) -> Outcome:
        folder = settings.outbox_dir / delivery.week
        folder.mkdir(parents=True, exist_ok=True)
        for suffix, content in parts.items():
            write_whole(folder / f"{delivery.name}.{suffix}", content)
        return Outcome("sent")

    return send


def _to_mailbox(smtp: Smtp) -> Send:
    def send(delivery: Delivery, parts: Mapping[str, bytes], _: datetime) -> Outcome:
        # The waiting message names no recipient: addresses are in the journal only.
        return smtp.send(delivery.address, b"To: " + delivery.address.encode() + b"\r\n" + parts["eml"])

    return send


def _to_chat(url: str, part: str, seconds: float, tls: ssl.SSLContext | None) -> Send:
    headers = {"Content-Type": "application/json; charset=utf-8"}

    def send(_: Delivery, parts: Mapping[str, bytes], now: datetime) -> Outcome:
        return post(url, parts[part], headers, seconds, now, tls=tls)

    return send


def _to_webhook(url: str, secret: SecretStr, seconds: float, tls: ssl.SSLContext | None) -> Send:
    content_type = {"Content-Type": "application/cloudevents+json; charset=utf-8"}

    def send(delivery: Delivery, parts: Mapping[str, bytes], now: datetime) -> Outcome:
        body = parts["event.json"]
        return post(url, body, {**content_type, **signed(secret, delivery.id, body, now)}, seconds, now, tls=tls)

    return send
