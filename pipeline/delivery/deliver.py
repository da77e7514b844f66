"""Sending what is due: at least once, each receipt on disk before the next message.

A failure of one message does not delay another. A failure that concerns a whole endpoint (it asks to wait, several
messages in a row fail) delays the endpoint's other messages too.
"""

from __future__ import annotations

import logging
import ssl
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.delivery.channels.configured import SECONDS, Channel, open_channels
from pipeline.delivery.channels.outcome import Outcome
from pipeline.delivery.deliveries import VARIABLES, VIAS, Delivery, Via
from pipeline.delivery.journal import DeliveryState, Outbox, Status, locked
from pipeline.delivery.schedule import FAILURES_BEFORE_REST, WAIT_WITHIN_S, rest_after
from pipeline.delivery.waiting_files import DamagedError, read_message, remove_others
from pipeline.net.retry import REAL_PACE, Pace
from pipeline.settings import Settings

log = logging.getLogger(__name__)


@dataclass
class DeliveryReport:
    """The result of a run.

    Attributes:
        receipts: the state after each of its tries, in order.
        waiting: messages that still wait, by channel.
        dead: dead letters, by channel.
        notes: what keeps messages waiting, each once.
        reopened: dead letters that were given another chance.
    """

    receipts: list[DeliveryState] = field(default_factory=list)
    waiting: dict[Via, int] = field(default_factory=dict)
    dead: dict[Via, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    reopened: int = 0

    @property
    def sent(self) -> dict[Via, int]:
        """Messages that were sent, by channel."""
        return _counts(self.receipts, "sent")

    @property
    def success(self) -> bool:
        """Whether nothing was given up, and at least some of what was due was sent."""
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
    """Send what is due; wait for what is due within `WAIT_WITHIN_S`. Two runs at once take turns.

    Args:
        settings: with the channels.
        retry: give dead letters and endpoints that are off another chance, and try at once what waits.
        pace: time.
        seconds: for all of one try.
        tls: trusted authorities instead of the machine's.
    """
    with locked(settings), open_channels(settings, seconds, tls) as channels:
        outbox = Outbox(settings)
        run = _Run(settings, outbox, channels, pace)
        if retry:
            run.report.reopened = outbox.reopen(pace.now())
        while True:
            for via, channel in run.channels.items():
                run.send_due(via, channel)
            wait_s = run.seconds_to_next()
            if wait_s is None or wait_s > WAIT_WITHIN_S:
                break
            pace.sleep(max(0.0, wait_s))
        remove_others(settings, outbox.open_ids())
        run.summarize()
    return run.report


class _Run:
    """One run over the outbox.

    Attributes:
        channels: those that are set, in the order of `VIAS`.
        report: of the tries so far.
    """

    def __init__(self, settings: Settings, outbox: Outbox, channels: Mapping[Via, Channel], pace: Pace) -> None:
        self.channels = {via: channels[via] for via in VIAS if via in channels}
        self.report = DeliveryReport()
        self._settings, self._outbox, self._pace = settings, outbox, pace
        self._rests: dict[str, datetime] = {}
        self._failures_in_a_row: Counter[str] = Counter()

    def send_due(self, via: Via, channel: Channel) -> None:
        """Try once each message of a channel that is due."""
        for state in self._outbox.waiting(via):
            now = self._pace.now()
            if channel.endpoint in self._outbox.off or self._rests.get(channel.endpoint, now) > now:
                return
            if state.due <= now:
                self._try(state.delivery, channel)

    def seconds_to_next(self) -> float | None:
        """Return the seconds until a message is due that this run can try; None where there is none."""
        moments = []
        for via, channel in self.channels.items():
            if channel.endpoint not in self._outbox.off:
                rest = self._rests.get(channel.endpoint)
                dues = [state.due for state in self._outbox.waiting(via)]
                moments += [max(due, rest) if rest else due for due in dues]
        return (min(moments) - self._pace.now()).total_seconds() if moments else None

    def summarize(self) -> None:
        """Count what is left, and note what keeps it waiting."""
        states = self._outbox.states.values()
        self.report.waiting, self.report.dead = _counts(states, "waiting"), _counts(states, "dead")
        for via, count in self.report.waiting.items():
            channel = self.channels.get(via)
            off = self._outbox.off.get(channel.endpoint) if channel else None
            if channel is None:
                self.report.notes.append(f"{count} messages wait until {VARIABLES[via]} is set again")
            elif off is not None:
                text = f"{via} is off since {off.at:%Y-%m-%d %H:%M}: it {off.reason}; `leverage deliver --retry` tries"
                self.report.notes.append(f"{text} its {count} messages again")

    def _try(self, delivery: Delivery, channel: Channel) -> None:
        outcome = self._outcome(delivery, channel)
        now = self._pace.now()
        state = self._outbox.record(delivery, channel.endpoint, outcome, now)
        self.report.receipts.append(state)
        if outcome.kind == "sent":
            self._failures_in_a_row[channel.endpoint] = 0
            return
        shown = (delivery.via, delivery.id[:12], state.attempt, outcome.reason, state.status)
        log.info("%s %s, attempt %d: %s; %s", *shown)
        if outcome.kind != "later":
            return
        self._failures_in_a_row[channel.endpoint] += outcome.is_endpoint
        in_a_row = self._failures_in_a_row[channel.endpoint]
        if outcome.wait_s is not None:
            self._rests[channel.endpoint] = state.due
        if outcome.is_endpoint and in_a_row >= FAILURES_BEFORE_REST:
            self._rests[channel.endpoint] = max(state.due, now + rest_after(in_a_row))

    def _outcome(self, delivery: Delivery, channel: Channel) -> Outcome:
        try:
            parts = read_message(self._settings, delivery)
        except DamagedError as fault:
            return Outcome("dead", str(fault))
        return channel.send(delivery, parts, self._pace.now())


def _counts(states: Iterable[DeliveryState], status: Status) -> dict[Via, int]:
    return dict(Counter(state.delivery.via for state in states if state.status == status))
