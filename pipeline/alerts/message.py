"""What a recipient gets: an alert in words with its evidence, and a week's digest of them.

Values, not layout: plain text without markup (whoever lays it out escapes it), dates, numbers as computed. Whatever
comes from manifests (names of firms) may hold any character.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, get_args

Severity = Literal["critical", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")
"""The gravest first."""
Certainty = Literal["confirmed", "watch", "rule"]
Kind = Literal["digest", "alert", "retraction"]
DIGEST: Final = "digest"
Status = Literal["open", "acknowledged", "snoozed", "resolved", "retracted", "expired"]
STATUSES: Final[tuple[str, ...]] = get_args(Status)


@dataclass(frozen=True)
class Bill:
    """One bill of lading behind an alert.

    Attributes:
        shipment_id: as in `fct_shipment`.
        arrival_date: day of arrival.
        bill_number: master or house bill of lading number.
        consignee_name: its customer; None where the bill names none.
        containers: containers, a shared one by its part; None where unknown.
        weight_kg: kilograms.
    """

    shipment_id: str
    arrival_date: date
    bill_number: str
    consignee_name: str | None
    containers: float | None
    weight_kg: float | None


@dataclass(frozen=True)
class Customer:
    """One customer in the picture of a supplier's mix.

    Attributes:
        name: of the customer; `unnamed` for what has no name, `others` for the rest.
        before: its share of the supplier in the window before, 0..1.
        after: its share in the window of the alert.
        is_named: False for `unnamed` and `others`.
        is_subject: whether the alert is about it.
        is_watcher: whether it is the watcher's own company.
    """

    name: str
    before: float
    after: float
    is_named: bool = True
    is_subject: bool = False
    is_watcher: bool = False


@dataclass(frozen=True)
class Picture:
    """What the one chart of an alert shows: who took what of the supplier before and after, and bills a week.

    Attributes:
        before: first and last day of the window before.
        after: of the window of the alert.
        customers: the largest ones, at most six, then others and unnamed; shares add to one in each window.
        weeks: Mondays, oldest first.
        bills: the supplier's bills in each of the weeks.
        subject_bills: those of the customer that the alert is about; empty where it is about none.
    """

    before: tuple[date, date]
    after: tuple[date, date]
    customers: tuple[Customer, ...]
    weeks: tuple[date, ...] = ()
    bills: tuple[int, ...] = ()
    subject_bills: tuple[int, ...] = ()


@dataclass(frozen=True)
class Standing:
    """A watcher's own position with the supplier before and after the alert: figures of `fct_leverage_snapshot`, `all`.

    Attributes:
        company: the watcher's company, by name.
        week_before: ISO week of the figures before, such as `2026-W40`.
        week_after: of those after.
        share_before: of the supplier, 0..1; None where it was no customer.
        share_after: likewise.
        rank_before: 1 is the largest customer.
        rank_after: likewise.
        tier_before: `A`, `B`, `C` or `D`.
        tier_after: likewise.
        power_before: `power` of the row, -1..1.
        power_after: likewise.
        rival: a rival's name and shares before and after, where the watchlist names one.
    """

    company: str
    week_before: str
    week_after: str
    share_before: float | None
    share_after: float | None
    rank_before: int | None = None
    rank_after: int | None = None
    tier_before: str | None = None
    tier_after: str | None = None
    power_before: float | None = None
    power_after: float | None = None
    rival: tuple[str, float | None, float | None] | None = None


@dataclass(frozen=True)
class AlertMessage:
    """One alert as one recipient gets it.

    Attributes:
        alert_id: as in `fct_alert`.
        alert_type: such as `customer_lost`.
        severity: as the watchlist has it.
        certainty: `confirmed`, `watch` or `rule`.
        status: when the message was made.
        supplier_id: as in `dim_supplier`.
        supplier_name: its name.
        consignee_id: of the customer that it is about; None where it is about none.
        consignee_name: its name.
        as_of_week: ISO week that showed it.
        headline: one sentence: who did what, from what to what.
        numbers: from -> to with the effect and its interval, p, q and coverage, in one line.
        meaning: what it means for the watcher, one or two sentences; None where the watcher is no customer.
        question: to ask the supplier.
        instead: what it may be instead, one sentence.
        standing: the watcher's figures before and after; None where the watcher is no customer.
        picture: what the chart shows; None where nothing is to be drawn.
        bills: the newest bills behind it, at most 20.
        bills_in_all: how many there are.
        query: SQL on the BI copy that lists them all.
        cause_group: alerts of one cause have the same text; None where it stands alone.
        group_size: alerts of this cause in the week, this one included.
        supersedes_alert_id: of a retraction, the alert that was sent before.
        change: from -> to in a few words, for a table.
        sure: how sure it is, one sentence; empty for a retraction.
        stake: how much of the supplier it is about, such as `33% of its bills`; None where no share says it.
    """

    alert_id: str
    alert_type: str
    severity: Severity
    certainty: Certainty
    status: Status
    supplier_id: str
    supplier_name: str
    consignee_id: str | None
    consignee_name: str | None
    as_of_week: str
    headline: str
    numbers: str
    meaning: str | None
    question: str
    instead: str
    standing: Standing | None
    picture: Picture | None
    bills: tuple[Bill, ...]
    bills_in_all: int
    query: str
    cause_group: str | None = None
    group_size: int = 1
    supersedes_alert_id: str | None = None
    change: str = ""
    sure: str = ""
    stake: str | None = None


@dataclass(frozen=True)
class Recipient:
    """Who gets alerts, and how.

    Attributes:
        watcher: the name that the watchlist gives, such as `anna`.
        company: the company on whose behalf, by name; None where the line watches suppliers only.
        channels: such as `email:anna@example.com`, `slack`, `webhook`, `file`; none twice.
        number_format: `1,234.5`, `1.234,5` or `1 234,5`.
    """

    watcher: str
    company: str | None
    channels: tuple[str, ...]
    number_format: str = "1,234.5"


@dataclass(frozen=True)
class Digest:
    """All that one recipient gets of one week; it goes out also when nothing changed.

    Attributes:
        recipient: who gets it.
        as_of_week: the closed ISO week.
        revision: of its snapshot; a later one corrects.
        window_end: the Sunday of the week.
        newest_release_date: of the data.
        closed_through: last day of the newest closed week.
        coverage: part of the watched suppliers' volume whose customer has a name, 0..1; None where nothing is watched.
        suppliers_watched: how many are watched.
        alerts: the gravest first, at most the cap.
        more: alerts beyond the cap.
        retractions: alerts of earlier weeks that late data reversed.
        made_at: when the digest was made (shown to people; no part of any id).
        limits: what the records cannot show yet and what a gap in publishing left without alerts, in sentences.
    """

    recipient: Recipient
    as_of_week: str
    revision: int
    window_end: date
    newest_release_date: date
    closed_through: date
    coverage: float | None
    suppliers_watched: int
    alerts: tuple[AlertMessage, ...]
    more: int
    retractions: tuple[AlertMessage, ...]
    made_at: datetime
    limits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Message:
    """What is to be delivered.

    Attributes:
        kind: a digest, one alert, one retraction.
        digest: the recipient, the week and its data; all that it lists where `alert` is None.
        alert: the one that it is about.
    """

    kind: Kind
    digest: Digest
    alert: AlertMessage | None

    @property
    def about(self) -> str:
        """The alert's id, or `digest`."""
        return self.alert.alert_id if self.alert else DIGEST

    @property
    def state(self) -> str:
        """The alert's status, or the digest's week; a retraction stays one whatever becomes of it."""
        if self.kind == "retraction":
            return "retracted"
        return self.alert.status if self.alert else self.digest.as_of_week
