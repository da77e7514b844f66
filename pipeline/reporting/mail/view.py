"""What a mail shows of an alert, ready to be laid out: the same for its text and its HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.alerts.message import AlertMessage, Message
from pipeline.formatting import NumberFormat
from pipeline.plain_text import clean, clipped
from pipeline.reporting.alerts import first_screen, labels

BILLS_ALONE: Final = 20
BILLS_IN_DIGEST: Final = 3
"""A digest shows that there are bills and what they look like; all of them would make ten alerts unreadable, and a mail
longer than 102 kB is cut by a large mail service."""
TEXT_MARKS: Final = 700
"""Of one paragraph: a sentence or two have 300, and no name can make a mail longer than that service shows."""
QUERY_MARKS: Final = 1200


@dataclass(frozen=True)
class Card:
    """One alert.

    Attributes:
        colour: role of its severity in the palette of badges.
        paragraphs: head and text, in order; none without text.
    """

    alert: AlertMessage
    label: str
    colour: str
    supplier: str
    headline: str
    paragraphs: tuple[tuple[str, str], ...]
    standing: tuple[tuple[str, str, str], ...]
    standing_heads: tuple[str, str]
    bills_head: str
    bills: tuple[tuple[str, str, str, str], ...]
    query: str
    group: str | None
    picture: str | None
    picture_text: str


@dataclass(frozen=True)
class View:
    """One mail.

    Attributes:
        summary: what to know first, a few sentences; none in the mail of one alert.
        limits: what the records do not show.
        lines: lines crossed, as rows of one table.
        cards: events; of a single alert, that alert.
        taken_back: alerts that late data reversed.
    """

    title: str
    summary: tuple[str, ...]
    limits: tuple[str, ...]
    lines: tuple[first_screen.LineRow, ...]
    cards: tuple[Card, ...]
    taken_back: tuple[Card, ...]
    more: str | None
    data: str
    caveat: str


def view(message: Message, pictures: dict[str, str]) -> View:
    """What the mail of `message` shows.

    Args:
        message: what to send.
        pictures: by alert id, the name of its picture.
    """
    digest, numbers = message.digest, NumberFormat(message.digest.recipient.number_format)
    alerts: tuple[Card, ...]
    taken_back: tuple[Card, ...]
    if message.alert is not None:
        card = _card(message.alert, numbers, BILLS_ALONE, pictures)
        alerts, taken_back = ((), (card,)) if message.kind == "retraction" else ((card,), ())
    else:
        alerts = tuple(_card(alert, numbers, BILLS_IN_DIGEST, pictures) for alert in first_screen.events(digest))
        taken_back = tuple(_card(alert, numbers, BILLS_IN_DIGEST, pictures) for alert in digest.retractions)
    more = f"{labels.more_text(digest.more)} of less weight: {labels.WHERE_ELSE}" if digest.more else None
    return View(
        title=labels.subject(message),
        summary=() if message.alert else first_screen.summary(digest),
        limits=() if message.alert else digest.limits,
        lines=() if message.alert else first_screen.line_rows(digest),
        cards=alerts,
        taken_back=taken_back,
        more=None if message.alert else more,
        data=labels.data_text(digest),
        caveat=labels.caveat_text(),
    )


def _card(alert: AlertMessage, numbers: NumberFormat, bills: int, pictures: dict[str, str]) -> Card:
    from pipeline.reporting.mail.chart import said

    # of a first published week there is no before; the place now stands in the meaning
    standing = alert.standing if alert.standing and alert.standing.week_before != alert.standing.week_after else None
    is_taken_back = labels.is_retraction(alert)
    paragraphs = (
        ("What it means for you", alert.meaning or ""),
        ("How sure", alert.sure),
        ("Ask them", "" if is_taken_back else alert.question),
        ("What it may be instead", "" if is_taken_back else alert.instead),
        ("In figures", alert.numbers),
    )
    shown = alert.bills[:bills]
    return Card(
        alert=alert,
        label=labels.label(alert),
        colour="taken_back" if is_taken_back else alert.severity,
        supplier=clipped(clean(alert.supplier_name), TEXT_MARKS),
        headline=clipped(clean(alert.headline), TEXT_MARKS),
        paragraphs=tuple((head, clipped(clean(text), TEXT_MARKS)) for head, text in paragraphs if text),
        standing=tuple(labels.standing_rows(standing, numbers)) if standing else (),
        standing_heads=(standing.week_before, standing.week_after) if standing else ("", ""),
        bills_head=labels.bills_text(alert, len(shown), numbers),
        bills=tuple(labels.bill_cells(bill, numbers) for bill in shown),
        query=clipped(clean(alert.query), QUERY_MARKS),
        group=labels.group_text(alert),
        picture=pictures.get(alert.alert_id),
        picture_text=said(alert.picture, numbers.form) if alert.picture else "",
    )
