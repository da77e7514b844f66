"""Words that every channel shares: subjects, labels, the line about the data. Sentences of alerts are in `text`."""

from __future__ import annotations

from typing import Final

from pipeline.alerts.message import AlertMessage, Bill, Digest, Message, Standing
from pipeline.formatting import KG, MINUS, NumberFormat, day
from pipeline.plain_text import clean, clipped
from pipeline.reporting.alerts.certainty import CERTAINTY
from pipeline.reporting.alerts.text import NAMES

SUBJECT_MARKS: Final = 120
"""A subject that a telephone shows whole or nearly so."""
TOP: Final = 10
"""Events of a digest that a chat message shows, and lines; the rest is counted."""
RETRACTED: Final = 5
"""Retractions that it shows."""
WHERE_ELSE: Final = "the command leverage alerts list shows them."


def subject(message: Message) -> str:
    """The subject of a mail and title of a message: one line, at most `SUBJECT_MARKS` long."""
    digest = message.digest
    if message.kind == "alert" and message.alert:
        return clipped(f"{message.alert.severity.capitalize()}: {clean(message.alert.headline)}", SUBJECT_MARKS)
    if message.kind == "retraction" and message.alert:
        # it says by itself that it takes something back
        return clipped(clean(message.alert.headline), SUBJECT_MARKS)
    return f"{count_text(digest)} (week {digest.as_of_week})"


def count_text(digest: Digest) -> str:
    """What a digest holds: `3 changes at your suppliers, 1 critical, 1 taken back`."""
    changes = len(digest.alerts) + digest.more
    critical = sum(alert.severity == "critical" for alert in digest.alerts)
    count = f"{changes} {'change' if changes == 1 else 'changes'}" if changes else "Nothing changed"
    text = f"{count} at your suppliers"
    text += f", {critical} critical" if critical else ""
    return text + (f", {len(digest.retractions)} taken back" if digest.retractions else "")


def data_text(digest: Digest) -> str:
    """The data's date and coverage, in one line."""
    numbers = NumberFormat(digest.recipient.number_format)
    watched = numbers.counted(digest.suppliers_watched, "supplier")
    text = (
        f"Data: weeks closed through {day(digest.closed_through)}, newest release {day(digest.newest_release_date)}; "
        f"{watched} watched"
    )
    if digest.coverage is None:
        return text + "."
    return f"{text}; customers are named on {numbers.share(digest.coverage)} of their volume."


def caveat_text() -> str:
    """What the records cannot show."""
    return (
        "From public US import records: ocean cargo under the names on its bills of lading; a bill is one shipment. "
        "They hold no prices."
    )


def label(alert: AlertMessage) -> str:
    """Severity, kind, stake and certainty in a few words; a retraction is only that."""
    kind = kind_text(alert)
    if is_retraction(alert):
        return kind
    certainty = CERTAINTY.get(alert.certainty, alert.certainty)
    parts = (f"{alert.severity.capitalize()}: {kind[:1].lower()}{kind[1:]}", alert.stake, certainty)
    return ", ".join(part for part in parts if part)


def kind_text(alert: AlertMessage) -> str:
    """The type of an alert in words; a type that is new here is shown as it is."""
    return NAMES.get(alert.alert_type, clean(alert.alert_type).replace("_", " ")).capitalize()


def is_retraction(alert: AlertMessage) -> bool:
    """Whether it takes back an earlier alert."""
    return alert.alert_type == "retracted"


def more_text(count: int, what: str = "change") -> str:
    """`2 more changes`."""
    return f"{count} more {what if count == 1 else what + 's'}"


def group_text(alert: AlertMessage) -> str | None:
    """That an alert is one of several with one cause."""
    if alert.group_size <= 1:
        return None
    return f"One of {alert.group_size} alerts of this week with the same cause."


def bills_text(alert: AlertMessage, shown: int, numbers: NumberFormat) -> str:
    """How many bills stand behind an alert, and how many of them are listed."""
    if alert.bills_in_all == 0:
        return "No bills behind it."
    bills = numbers.counted(alert.bills_in_all, "bill")
    return f"{bills} behind it" + (f", the newest {shown}:" if shown < alert.bills_in_all else ":")


def bill_cells(bill: Bill, numbers: NumberFormat) -> tuple[str, str, str, str]:
    """A bill as a row: day, number, customer, size."""
    sizes = [numbers.counted(bill.containers, "container")] if bill.containers else []
    sizes += [numbers.volume(bill.weight_kg, KG)] if bill.weight_kg else []
    return (
        day(bill.arrival_date),
        clean(bill.bill_number),
        clean(bill.consignee_name, "no name"),
        ", ".join(sizes) or "no size",
    )


def standing_rows(standing: Standing, numbers: NumberFormat) -> list[tuple[str, str, str]]:
    """The watcher's figures: what, before, after; only what is known at one of both times."""

    def share(value: float | None) -> str:
        return "no customer" if value is None else numbers.share(value)

    def plain(value: object) -> str:
        return "-" if value is None else str(value)

    def signed(value: float | None) -> str:
        return "-" if value is None else numbers.signed(value)

    rows = [("your share", share(standing.share_before), share(standing.share_after))]
    if (standing.rank_before, standing.rank_after) != (None, None):
        rows.append(("your rank", plain(standing.rank_before), plain(standing.rank_after)))
    if (standing.tier_before, standing.tier_after) != (None, None):
        rows.append(("your tier", plain(standing.tier_before), plain(standing.tier_after)))
    if (standing.power_before, standing.power_after) != (None, None):
        rows.append((f"your power ({MINUS}1 to 1)", signed(standing.power_before), signed(standing.power_after)))
    if standing.rival:
        name, before, after = standing.rival
        rows.append((clean(name), share(before), share(after)))
    return rows
