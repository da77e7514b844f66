"""Sending what is due: at least once, each receipt on disk before the next message.

A fault of one message never keeps another from going. A fault that speaks for a whole endpoint (it asks to wait, it is
too busy, several messages in a row fail) lets its other messages wait with the one that met it.
"""

from __future__ import annotations

import logging
import ssl
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.delivery.channels import SECONDS, Channel, Channels
from pipeline.delivery.deliveries import VARIABLES, VIAS, Delivery, Via
from pipeline.delivery.journal import Journal, Standing, locked
from pipeline.delivery.outcome import Outcome
from pipeline.delivery.schedule import IN_A_ROW, WAIT_WITHIN_S, rest_after
from pipeline.delivery.store import DamagedError, read_message, sweep
from pipeline.net.retry import REAL_PACE, Pace
from pipeline.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Receipt:
    """What came of one try, without any address.

    Attributes:
        id: of the delivery.
        via: how it went.
        kind: what is told.
        week: ISO week.
        attempt: 1 the first.
        status: where it stands now.
        code: of the answer.
        reason: of a fault.
        at: when.
    """

    id: str
    via: Via
    kind: str
    week: str
    attempt: int
    status: str
    code: int | None
    reason: str
    at: datetime


@dataclass
class DeliveryReport:
    """What a run did.

    Attributes:
        receipts: of its tries, in order.
        waiting: messages that still wait, by channel.
        dead: dead letters, by channel.
        notes: what to know besides, each once.
        reopened: dead letters that were given another chance.
    """

    receipts: list[Receipt] = field(default_factory=list)
    waiting: dict[str, int] = field(default_factory=dict)
    dead: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    reopened: int = 0

    @property
    def sent(self) -> dict[str, int]:
        """Messages that went, by channel."""
        return _counts(receipt.via for receipt in self.receipts if receipt.status == "sent")

    @property
    def success(self) -> bool:
        """Whether what was due went, or at least some of it, with nothing given up."""
        statuses = {receipt.status for receipt in self.receipts}
        return "dead" not in statuses and ("sent" in statuses or "waiting" not in statuses)


def deliver(
    settings: Settings,
    *,
    retry: bool = False,
    pace: Pace = REAL_PACE,
    seconds: float = SECONDS,
    tls: ssl.SSLContext | None = None,
) -> DeliveryReport:
    """Send what is due; what is due within `WAIT_WITHIN_S` is waited for. Two runs at once take turns.

    Args:
        settings: with the channels.
        retry: give dead letters and endpoints that are off another chance, and try at once what waits.
        pace: time.
        seconds: for one try in all.
        tls: whom to trust, instead of the machine's authorities.
    """
    report = DeliveryReport()
    with locked(settings), Channels(settings, seconds, tls) as channels:
        journal = Journal(settings)
        if retry:
            report.reopened = journal.reopen(pace.now())
        run = _Run(settings, journal, channels, pace, report)
        while True:
            for via in VIAS:
                run.pass_over(via)
            wait_s = run.seconds_to_next()
            if wait_s is None or wait_s > WAIT_WITHIN_S:
                break
            pace.sleep(max(0.0, wait_s))
        sweep(settings, journal.open_ids())
        run.close()
    return report


class _Run:
    """One run over the outbox."""

    def __init__(
        self, settings: Settings, journal: Journal, channels: Channels, pace: Pace, report: DeliveryReport
    ) -> None:
        self._settings, self._journal, self._channels = settings, journal, channels
        self._pace, self._report = pace, report
        self._rests: dict[str, datetime] = {}
        self._in_a_row: dict[str, int] = {}

    def pass_over(self, via: Via) -> None:
        """Try once what is due by one channel."""
        channel = self._channels.get(via)
        if channel is None:
            return
        for delivery in self._journal.waiting(via):
            now = self._pace.now()
            if self._journal.standings[delivery.id].due > now:
                continue
            if channel.endpoint in self._journal.off or self._rests.get(channel.endpoint, now) > now:
                return
            self._try(delivery, channel)

    def seconds_to_next(self) -> float | None:
        """Seconds until something is due that this run can try; None where nothing is."""
        moments = []
        for via in VIAS:
            channel = self._channels.get(via)
            if channel is not None and channel.endpoint not in self._journal.off:
                rest = self._rests.get(channel.endpoint)
                dues = [self._journal.standings[one.id].due for one in self._journal.waiting(via)]
                moments += [max(due, rest) if rest else due for due in dues]
        return (min(moments) - self._pace.now()).total_seconds() if moments else None

    def close(self) -> None:
        """Count what is left, and say what keeps it."""
        standings = self._journal.standings
        of = {
            status: [one.via for key, one in self._journal.deliveries.items() if standings[key].status == status]
            for status in ("waiting", "dead")
        }
        self._report.waiting, self._report.dead = _counts(of["waiting"]), _counts(of["dead"])
        for via, count in self._report.waiting.items():
            channel = self._channels.get(via)  # type: ignore[arg-type]
            if channel is None:
                self._report.notes.append(f"{count} messages wait until {VARIABLES[via]} is set again")
            elif channel.endpoint in self._journal.off:
                off = self._journal.off[channel.endpoint]
                text = f"{via} is off since {off.at:%Y-%m-%d %H:%M}: it {off.reason}; `leverage deliver --retry` tries"
                self._report.notes.append(f"{text} its {count} messages again")

    def _try(self, delivery: Delivery, channel: Channel) -> None:
        outcome = self._outcome(delivery, channel)
        now = self._pace.now()
        standing = self._journal.record(delivery, channel.endpoint, outcome, now)
        self._report.receipts.append(_receipt(delivery, standing))
        if outcome.kind == "sent":
            self._in_a_row[channel.endpoint] = 0
            return
        told = (delivery.via, delivery.id[:12], standing.attempt, outcome.reason, standing.status)
        log.info("%s %s, attempt %d: %s; %s", *told)
        if outcome.kind != "later":
            return
        in_a_row = self._in_a_row.get(channel.endpoint, 0) + outcome.is_endpoint
        self._in_a_row[channel.endpoint] = in_a_row
        if outcome.wait_s is not None:
            self._rests[channel.endpoint] = standing.due
        if outcome.is_endpoint and in_a_row >= IN_A_ROW:
            self._rests[channel.endpoint] = max(standing.due, now + rest_after(in_a_row))

    def _outcome(self, delivery: Delivery, channel: Channel) -> Outcome:
        try:
            parts = read_message(self._settings, delivery)
        except DamagedError as fault:
            return Outcome("dead", str(fault))
        return channel.send(delivery, parts, self._pace.now())


def _receipt(delivery: Delivery, standing: Standing) -> Receipt:
    return Receipt(
        id=delivery.id,
        via=delivery.via,
        kind=delivery.kind,
        week=delivery.week,
        attempt=standing.attempt,
        status=standing.status,
        code=standing.code,
        reason=standing.reason,
        at=standing.at,
    )


def _counts(vias: Iterable[str]) -> dict[str, int]:
    return dict(Counter(vias))
