"""Signatures of Standard Webhooks 1.0.0."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import SecretStr
from standardwebhooks import Webhook


def signed(secrets: SecretStr, message_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers that sign `body`, with one signature for each secret: two while they change.

    Args:
        secrets: one or two `whsec_...`, separated by a blank, as the settings have checked them.
        message_id: same for each try; hexadecimal, so that it cannot shift what is signed.
        body: as it is sent.
        now: when it is sent, with zone; another one for each try, against replays.
    """
    moment = datetime.fromtimestamp(int(now.timestamp()), UTC)
    signatures = [Webhook(one).sign(message_id, moment, body.decode()) for one in secrets.get_secret_value().split()]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
