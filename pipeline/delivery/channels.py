"""The channels as the settings have them: where each leads, and how one message is sent."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Final

from pipeline.delivery.deliveries import Delivery, Via
from pipeline.delivery.http import RefusedError, UnreachableError, post
from pipeline.delivery.journal import endpoint_of
from pipeline.delivery.outcome import Outcome, of_answer
from pipeline.delivery.signing import signed
from pipeline.delivery.smtp import Smtp
from pipeline.delivery.store import write_whole
from pipeline.settings import Settings

SECONDS: Final = 15.0
"""For one try in all: Standard Webhooks asks for 15 to 30."""


@dataclass(frozen=True)
class Channel:
    """One channel that is set.

    Attributes:
        endpoint: a name for where it leads that tells no address.
        send: tries one message once, given its parts and the time.
    """

    endpoint: str
    send: Callable[[Delivery, Mapping[str, bytes], datetime], Outcome]


class Channels(AbstractContextManager["Channels"]):
    """Every channel that is set; closed at the end."""

    def __init__(self, settings: Settings, seconds: float = SECONDS, tls: ssl.SSLContext | None = None) -> None:
        """Nothing is connected yet.

        Args:
            settings: with the channels' addresses.
            seconds: for one try in all.
            tls: whom to trust, instead of the machine's authorities.
        """
        self._settings, self._seconds, self._tls = settings, seconds, tls
        self._smtp = Smtp(settings.smtp_url, seconds, tls) if settings.smtp_url else None
        urls = {
            "file": "outbox",
            "webhook": settings.webhook_url.get_secret_value() if settings.webhook_url else None,
            "slack": settings.slack_webhook_url.get_secret_value() if settings.slack_webhook_url else None,
            "email": settings.smtp_url.get_secret_value() if settings.smtp_url else None,
        }
        sends = {"file": self._file, "webhook": self._webhook, "slack": self._slack, "email": self._email}
        self.by_via: dict[str, Channel] = {
            via: Channel(endpoint_of(url), sends[via]) for via, url in urls.items() if url is not None
        }

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End what is connected."""
        if self._smtp is not None:
            self._smtp.close()

    def get(self, via: Via) -> Channel | None:
        """The channel; None where its setting is absent."""
        return self.by_via.get(via)

    def _file(self, delivery: Delivery, parts: Mapping[str, bytes], _: datetime) -> Outcome:
        folder = self._settings.outbox_dir / delivery.week
        folder.mkdir(parents=True, exist_ok=True)
        for ending, content in parts.items():
            write_whole(folder / f"{delivery.name}.{ending}", content)
        return Outcome("sent")

    def _email(self, delivery: Delivery, parts: Mapping[str, bytes], _: datetime) -> Outcome:
        assert self._smtp is not None
        # the message as it lies on disk names no recipient
        return self._smtp.send(delivery.address, b"To: " + delivery.address.encode() + b"\r\n" + parts["eml"])

    def _slack(self, _: Delivery, parts: Mapping[str, bytes], now: datetime) -> Outcome:
        assert self._settings.slack_webhook_url is not None
        headers = {"Content-Type": "application/json; charset=utf-8"}
        return self._posted(self._settings.slack_webhook_url.get_secret_value(), parts["slack.json"], headers, now)

    def _webhook(self, delivery: Delivery, parts: Mapping[str, bytes], now: datetime) -> Outcome:
        assert self._settings.webhook_url is not None
        assert self._settings.webhook_secret is not None
        body = parts["event.json"]
        headers = {
            "Content-Type": "application/cloudevents+json; charset=utf-8",
            **signed(self._settings.webhook_secret, delivery.id, body, now),
        }
        return self._posted(self._settings.webhook_url.get_secret_value(), body, headers, now)

    def _posted(self, url: str, body: bytes, headers: Mapping[str, str], now: datetime) -> Outcome:
        try:
            answer = post(url, body, headers, self._seconds, context=self._tls)
        except (RefusedError, UnreachableError) as fault:
            return Outcome("later", str(fault), is_endpoint=True)
        return of_answer(answer.code, answer.headers, answer.said, now)
