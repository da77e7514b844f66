"""Putting a week's messages into the outbox, each once: first the message is on disk, then the line that tells of it.

Killed in the middle, the next call puts in what is missing; what has a line is never put in again, whatever became of
it.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.alerts.message import DIGEST, Digest, Message
from pipeline.delivery.deliveries import Delivery, Via, delivery_id, way_of
from pipeline.delivery.event import event
from pipeline.delivery.files import files, name_of
from pipeline.delivery.journal import Journal, locked
from pipeline.delivery.plan import messages
from pipeline.delivery.slack import slack
from pipeline.delivery.smtp import sender
from pipeline.delivery.store import force_messages, write_message
from pipeline.net.retry import REAL_PACE, Pace
from pipeline.reporting.mail.mail import mail
from pipeline.settings import Settings

log = logging.getLogger(__name__)


@dataclass
class PutIn:
    """What was put into the outbox.

    Attributes:
        new: messages, by channel.
        notes: why some do not go as the watchlist wishes, each once.
    """

    new: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


def enqueue(settings: Settings, digests: Sequence[Digest], pace: Pace = REAL_PACE) -> PutIn:
    """Put the messages of `digests` into the outbox; the same week a second time puts in nothing.

    Raises:
        ValueError: a digest's week is none.
    """
    done = PutIn()
    with locked(settings):
        journal = Journal(settings)
        fresh: dict[str, Delivery] = {}
        for digest in digests:
            if not re.fullmatch(r"\d{4}-W\d{2}", digest.as_of_week):
                raise ValueError(f"{digest.as_of_week!r} is no ISO week such as 2026-W46")
            for channel in digest.recipient.channels or ("file",):
                via, why = way_of(channel, settings)
                if why and why not in done.notes:
                    done.notes.append(why)
                    log.info(why)
                for delivery in _new(settings, journal, fresh, digest, channel, via, pace.now()):
                    fresh[delivery.id] = delivery
                    done.new[via] += 1
        force_messages(settings)
        journal.put_in(list(fresh.values()))
    return done


def _new(
    settings: Settings,
    journal: Journal,
    fresh: dict[str, Delivery],
    digest: Digest,
    channel: str,
    via: Via,
    now: datetime,
) -> list[Delivery]:
    """The deliveries of one digest by one channel that are in no journal yet; their messages are written."""
    before = journal.deliveries.get(delivery_id(DIGEST, digest.as_of_week, digest.recipient, channel))
    told = before.told if before else ()
    found = []
    for message in messages(digest, via, before.revision if before else None, told):
        key = delivery_id(message.about, message.state, digest.recipient, channel)
        if key in journal.deliveries or key in fresh:
            continue
        listed = () if message.alert else tuple(one.alert_id for one in (*digest.alerts, *digest.retractions))
        found.append(
            Delivery(
                id=key,
                kind=message.kind,
                about=message.about,
                state=message.state,
                watcher=digest.recipient.watcher,
                channel=channel,
                via=via,
                week=digest.as_of_week,
                revision=digest.revision,
                name=name_of(message),
                parts=write_message(settings, key, _laid_out(settings, message, key, channel, via)),
                told=listed,
                at=now.isoformat(),
            )
        )
    return found


def _laid_out(settings: Settings, message: Message, key: str, channel: str, via: Via) -> dict[str, bytes]:
    """The parts of a message, by their endings."""
    if via == "webhook":
        return {"event.json": event(message, key)}
    if via == "slack":
        return {"slack.json": slack(message)}
    if via == "email" and settings.smtp_url is not None:
        earlier = message.alert.supersedes_alert_id if message.alert else None
        answers = delivery_id(earlier, "open", message.digest.recipient, channel) if earlier else None
        return {"eml": mail(message, key, sender(settings.smtp_url), answers)}
    return files(message, key)
