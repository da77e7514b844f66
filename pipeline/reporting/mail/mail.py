"""One mail: headers, text, HTML, pictures.

The recipient's address is no part of it: the channel puts it in front when it sends (`channels`), so that it is on
disk in the journal only.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final
from urllib.parse import quote

from pipeline.alerts.message import Message
from pipeline.reporting.alerts.first_screen import events
from pipeline.reporting.mail.forms import as_html, as_text
from pipeline.reporting.mail.view import view

PICTURES: Final = 5
"""Pictures in one mail: some 65 kB each, so that it stays under half a megabyte; the gravest alerts get them."""
NAME: Final = "Import leverage"
# as every server takes it, whatever it says about eight bits
POLICY: Final = SMTP.clone(cte_type="7bit")
log = logging.getLogger(__name__)


def mail(message: Message, delivery_id: str, sender: str, answers: str | None) -> bytes:
    """The mail of `message`, all but its `To`.

    Args:
        message: what to send.
        delivery_id: of this delivery: `Message-ID` is made of it, the same for each try.
        sender: address that it comes from.
        answers: of a retraction, the delivery by which the alert went, so that both are shown together.
    """
    domain = sender.rpartition("@")[2]
    pictures = drawn(message)
    names = {
        alert_id: f"picture{place}.{delivery_id[:16]}@{domain}" for place, alert_id in enumerate(pictures, start=1)
    }
    shown = view(message, {alert_id: f"cid:{name}" for alert_id, name in names.items()})
    letter = EmailMessage(policy=POLICY)
    letter["From"] = Address(NAME, addr_spec=sender)
    letter["Subject"] = shown.title
    letter["Date"] = message.digest.made_at
    letter["Message-ID"] = f"<{delivery_id}@{domain}>"
    if answers:
        letter["In-Reply-To"] = letter["References"] = f"<{answers}@{domain}>"
    letter["List-Id"] = f"Change alerts of import-leverage <alerts.import-leverage.{domain}>"
    letter["List-Unsubscribe"] = f"<mailto:{quote(sender, safe='@')}?subject={quote('unsubscribe from alerts')}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(as_text(shown))
    letter.add_alternative(as_html(shown), subtype="html")
    html = letter.get_payload()[1]  # type: ignore[index]
    for alert_id, content in pictures.items():
        html.add_related(content, "image", "png", cid=f"<{names[alert_id]}>", disposition="inline")  # type: ignore[union-attr]
    return letter.as_bytes()


def drawn(message: Message) -> Mapping[str, bytes]:
    """The pictures of a message's gravest alerts as PNG, by alert id; one that cannot be drawn is left out."""
    from pipeline.reporting.mail.chart import png

    digest = message.digest
    alerts = (message.alert,) if message.alert else (*events(digest), *digest.retractions)
    pictures: dict[str, bytes] = {}
    for alert in alerts:
        if alert.picture is None or len(pictures) == PICTURES:
            continue
        try:
            pictures[alert.alert_id] = png(alert.picture, digest.recipient.number_format)
        except ValueError:
            # the words say it all: a message without its picture is better than none
            log.exception("the picture of alert %s cannot be drawn", alert.alert_id[:12])
    return pictures
