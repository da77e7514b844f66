"""What one recipient is sent of one week: the digest, and what does not wait to be read in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pipeline.alerts.message import Digest, Message
from pipeline.delivery.deliveries import Via


def messages(digest: Digest, via: Via, sent_revision: int | None, sent: Collection[str]) -> Iterator[Message]:
    """The messages of `digest`, those that are in no hurry last.

    A person gets a critical alert at once, by itself; the digest lists it again. A retraction goes by itself where what
    it takes back did, or where the week's digest has gone out before. A webhook gets every alert by itself, since a
    program works through alerts and not through letters. What somebody has acknowledged or put off is no news.

    Args:
        digest: of the week.
        via: how it goes.
        sent_revision: the revision that the week's digest told when it went out; None where it did not.
        sent: ids of the alerts and retractions that it listed.
    """
    is_later = sent_revision is not None and sent_revision < digest.revision
    for alert in digest.alerts:
        if alert.status == "open" and (alert.severity == "critical" or (via == "webhook" and not is_later)):
            yield Message("alert", digest, alert)
    for alert in digest.retractions:
        is_known = alert.alert_id in sent
        if alert.severity == "critical" or via == "webhook" or (is_later and not is_known):
            yield Message("retraction", digest, alert)
    # of a later revision too: its id is the week's, so that it went before
    yield Message("digest", digest, None)
