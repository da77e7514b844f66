"""Putting a week's messages into the outbox, each once: first the message is on disk, then its line in the journal.

After a kill the next call puts in what is missing; what has a line is never put in again, whatever its outcome.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.alerts.message import DIGEST, Digest, Message
from pipeline.delivery.channels.files import files, name_of
from pipeline.delivery.channels.slack import slack
from pipeline.delivery.channels.smtp import sender
from pipeline.delivery.channels.teams import teams
from pipeline.delivery.deliveries import Delivery, Via, delivery_id, route
from pipeline.delivery.event import event
from pipeline.delivery.journal import Outbox, locked
from pipeline.delivery.waiting_files import force_messages, write_message
from pipeline.net.retry import REAL_PACE, Pace
from pipeline.reporting.mail.mail import mail
from pipeline.settings import Settings

log = logging.getLogger(__name__)


@dataclass
class PutIn:
    """The result of `enqueue`.

    Attributes:
        new: messages put in, by channel.
        notes: why some are not sent as the watchlist wishes, each once.
    """

    new: Counter[Via] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


def enqueue(settings: Settings, digests: Sequence[Digest], pace: Pace = REAL_PACE) -> PutIn:
    """Put the messages of `digests` into the outbox; the same week a second time puts in nothing.

    Raises:
        ValueError: a digest's week is not an ISO week.
    """
    done = PutIn()
    with locked(settings):
        outbox = Outbox(settings)
        fresh: dict[str, Delivery] = {}
        for digest in digests:
            if not re.fullmatch(r"\d{4}-W\d{2}", digest.as_of_week):
                raise ValueError(f"{digest.as_of_week!r} is not an ISO week such as 2026-W46")
            for channel in digest.recipient.channels or ("file",):
                via, why = route(channel, settings)
                if why and why not in done.notes:
                    done.notes.append(why)
                    log.info(why)
                known = outbox.states.keys() | fresh.keys()
                for delivery in _new(settings, outbox, known, digest, channel, via, pace.now()):
                    fresh[delivery.id] = delivery
                    done.new[via] += 1
        force_messages(settings)
        outbox.put_in(list(fresh.values()))
    return done


def messages(digest: Digest, via: Via, sent: Delivery | None) -> Iterator[Message]:
    """Yield the messages of `digest`, the least urgent last.

    A person gets a critical alert at once in a message of its own; the digest lists it again. A retraction is a message
    where the alert it retracts was one, or where the week's digest was sent before. A webhook gets every alert as a
    message, since programs process alerts one by one. An acknowledged or snoozed alert is not sent.

    Args:
        digest: of the week.
        via: how it is sent.
        sent: the week's digest if it is in the outbox already.
    """
    is_later = sent is not None and sent.revision < digest.revision
    for alert in digest.alerts:
        if alert.status == "open" and (alert.severity == "critical" or (via == "webhook" and not is_later)):
            yield Message("alert", digest, alert)
    for alert in digest.retractions:
        is_listed = sent is not None and alert.alert_id in sent.listed
        if alert.severity == "critical" or via == "webhook" or (is_later and not is_listed):
            yield Message("retraction", digest, alert)
    # A later revision's digest has the week's id, so that it is known already.
    yield Message("digest", digest, None)


def _new(
    settings: Settings, outbox: Outbox, known: Collection[str], digest: Digest, channel: str, via: Via, now: datetime
) -> Iterator[Delivery]:
    """Write the messages of one digest for one channel that are not known yet, and yield their deliveries."""
    before = outbox.states.get(delivery_id(DIGEST, digest.as_of_week, digest.recipient, channel))
    for message in messages(digest, via, before.delivery if before else None):
        key = delivery_id(message.about, message.state, digest.recipient, channel)
        if key in known:
            continue
        listed = () if message.alert else tuple(one.alert_id for one in (*digest.alerts, *digest.retractions))
        yield Delivery(
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
            parts=write_message(settings, key, _parts(settings, message, key, channel, via)),
            listed=listed,
            at=now,
        )


def _parts(settings: Settings, message: Message, key: str, channel: str, via: Via) -> dict[str, bytes]:
    """Return the parts of a message by their suffixes."""
    if via == "webhook":
        return {"event.json": event(message, key)}
    if via == "slack":
        return {"slack.json": slack(message)}
    if via == "teams":
        return {"teams.json": teams(message)}
    if via == "email" and settings.smtp_url is not None:
        earlier = message.alert.supersedes_alert_id if message.alert else None
        answers = delivery_id(earlier, "open", message.digest.recipient, channel) if earlier else None
        return {"eml": mail(message, key, sender(settings.smtp_url), answers)}
    return files(message, key)
