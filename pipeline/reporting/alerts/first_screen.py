"""What a reader of a digest sees first: how many events, the gravest in full, and the lines as one table."""

from __future__ import annotations

from typing import Final, NamedTuple

from pipeline.alerts.message import AlertMessage, Digest
from pipeline.alerts.routing import LINES
from pipeline.formatting import NumberFormat
from pipeline.plain_text import clean, clipped
from pipeline.reporting.alerts.listing import SHORT_ID

LINES_HEAD: Final = "Lines crossed (leverage alerts show prints the rest of one, by its id)"
NOTHING: Final = "Nothing changed this week at the suppliers you watch."
FIRST: Final = 3
"""Events on the first screen: three sentences are read in ten seconds."""
SENTENCE: Final = 300
"""Characters of one: names of two firms and the figures."""
NAME_MARKS: Final = 60


class LineRow(NamedTuple):
    """A line that was crossed, as a row of the table; `show` is the start of its id."""

    supplier: str
    customer: str
    change: str
    show: str


def is_line(alert: AlertMessage) -> bool:
    """Whether it is a line crossed, no event."""
    return alert.alert_type in LINES


def events(digest: Digest) -> tuple[AlertMessage, ...]:
    """Return the alerts that are no lines."""
    return tuple(alert for alert in digest.alerts if not is_line(alert))


def summary(digest: Digest) -> tuple[str, ...]:
    """Return how a digest begins: the count, then a paragraph for each of the gravest events, the first in full."""
    graver = events(digest)[:FIRST]
    return (_counted(digest), *(_sentence(alert, is_first=place == 0) for place, alert in enumerate(graver)))


def line_rows(digest: Digest) -> tuple[LineRow, ...]:
    """Return the lines of a digest as rows of one table."""
    return tuple(
        LineRow(
            clipped(clean(alert.supplier_name), NAME_MARKS),
            clipped(clean(alert.consignee_name, "all customers"), NAME_MARKS),
            alert.change,
            alert.alert_id[:SHORT_ID],
        )
        for alert in digest.alerts
        if is_line(alert)
    )


def _counted(digest: Digest) -> str:
    numbers = NumberFormat(digest.recipient.number_format)
    found = events(digest)
    lines = len(digest.alerts) - len(found)
    if not digest.alerts and not digest.more:
        text = NOTHING
    elif not found:
        text = "No customer came, went or shifted at the suppliers you watch."
    else:
        critical = sum(alert.severity == "critical" for alert in found)
        if len(found) == 1:
            text = "1 critical event." if critical else "1 event."
        else:
            text = numbers.counted(len(found), "event")
            text += f", {critical} of them critical, the gravest first." if critical else ", the gravest first."
    if lines:
        text += f" {numbers.counted(lines, 'line')} crossed, in the table below."
    if digest.more:
        text += f" {numbers.counted(digest.more, 'more change')} of less weight."
    if digest.retractions:
        count = len(digest.retractions)
        text += f" {numbers.counted(count, 'earlier alert')} {'is' if count == 1 else 'are'} taken back."
    return text


def _sentence(alert: AlertMessage, *, is_first: bool) -> str:
    texts = (alert.headline, alert.sure, alert.meaning or "") if is_first else (alert.headline, alert.sure)
    return " ".join(clipped(clean(text), SENTENCE) for text in texts if text)
