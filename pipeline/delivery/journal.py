"""The outbox's journal, `state/outbox.jsonl`: what is to be sent, each try and its outcome.

Only it contains the addresses of recipients; it is readable by its owner only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Final, Literal

from filelock import FileLock
from pydantic import Field, TypeAdapter

from pipeline.delivery.channels.outcome import Outcome
from pipeline.delivery.deliveries import Delivery, Via
from pipeline.delivery.schedule import next_try
from pipeline.settings import Settings
from pipeline.state.files import PRIVATE_FILE
from pipeline.state.journal import Journal

Status = Literal["waiting", "sent", "dead"]


@dataclass(frozen=True)
class Try:
    """A record: one try to send a delivery, and the status after it.

    Attributes:
        id: of the delivery.
        via: how it was sent.
        attempt: 1 the first.
        status: after the try.
        code: of the answer.
        reason: of a failure, in words without any address.
        due: when a waiting one is tried next.
        at: when the try ended.
    """

    id: str
    via: Via
    attempt: int
    status: Status
    code: int | None
    reason: str
    due: datetime
    at: datetime
    event: Literal["tried"] = "tried"


@dataclass(frozen=True)
class Off:
    """A record: an endpoint wants no more messages."""

    endpoint: str
    via: Via
    at: datetime
    reason: str
    event: Literal["off"] = "off"


@dataclass(frozen=True)
class Reopened:
    """A record: everything unsent is tried again from the first step on, also at endpoints that were off."""

    at: datetime
    event: Literal["reopened"] = "reopened"


Record = Annotated[Delivery | Try | Off | Reopened, Field(discriminator="event")]
_RECORDS: Final[TypeAdapter[Record]] = TypeAdapter(Record)


@dataclass(frozen=True)
class DeliveryState:
    """A delivery and its state after the newest record about it.

    Attributes:
        delivery: the delivery.
        status: waiting, sent or dead.
        attempt: the newest try, 1 the first; 0 before it.
        failures: since it was put in or last reopened.
        due: when a waiting one is tried next.
        at: when it last changed.
        code: of the newest answer.
        reason: of the newest failure.
    """

    delivery: Delivery
    status: Status
    attempt: int
    failures: int
    due: datetime
    at: datetime
    code: int | None = None
    reason: str = ""


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """Lock the outbox: one process at a time puts in or sends."""
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.state_dir / "outbox.lock"):
        yield


class Outbox:
    """The outbox after all records of its journal, read once; changes are on disk when a method returns.

    Attributes:
        states: of the deliveries, by id, in the order in which they were put in.
        off: endpoints that want no more messages.
    """

    def __init__(self, settings: Settings) -> None:
        """Read the journal."""
        self._journal = Journal(settings.outbox_path, _RECORDS, mode=PRIVATE_FILE)
        self.states: dict[str, DeliveryState] = {}
        self.off: dict[str, Off] = {}
        for record in self._journal.read():
            self._apply(record)

    def put_in(self, deliveries: Sequence[Delivery]) -> None:
        """Add deliveries whose messages are on disk."""
        self._append(deliveries)

    def record(self, delivery: Delivery, endpoint: str, outcome: Outcome, now: datetime) -> DeliveryState:
        """Record one try and return the delivery's state after it."""
        before = self.states[delivery.id]
        due = next_try(before.failures + 1, now, outcome.wait_s) if outcome.kind == "later" else now
        status: Status = "waiting"
        if outcome.kind == "sent":
            status = "sent"
        elif outcome.kind == "dead" or due is None:
            status = "dead"
        records: list[Record] = [
            Try(
                id=delivery.id,
                via=delivery.via,
                attempt=before.attempt + 1,
                status=status,
                code=outcome.code,
                reason=outcome.reason,
                due=due or now,
                at=now,
            )
        ]
        if outcome.kind == "off":
            records.append(Off(endpoint, delivery.via, now, outcome.reason))
        self._append(records)
        return self.states[delivery.id]

    def reopen(self, now: datetime) -> int:
        """Let everything unsent be tried again from the first step on; return how many dead letters wait again."""
        dead = sum(state.status == "dead" for state in self.states.values())
        self._append([Reopened(now)])
        return dead

    def open_ids(self) -> set[str]:
        """Return the ids of all that is not sent."""
        return {key for key, state in self.states.items() if state.status != "sent"}

    def waiting(self, via: Via) -> list[DeliveryState]:
        """Return what waits for one channel: new ones as they were put in, then failed ones, the longest due first."""
        found = [one for one in self.states.values() if one.status == "waiting" and one.delivery.via == via]
        return sorted(found, key=lambda one: (one.failures > 0, one.due))

    def _append(self, records: Sequence[Record]) -> None:
        self._journal.append(records)
        for record in records:
            self._apply(record)

    def _apply(self, record: Record) -> None:
        if isinstance(record, Delivery):
            self.states[record.id] = DeliveryState(record, "waiting", 0, 0, due=record.at, at=record.at)
        elif isinstance(record, Try) and record.id in self.states:
            before = self.states[record.id]
            self.states[record.id] = DeliveryState(
                delivery=before.delivery,
                status=record.status,
                attempt=record.attempt,
                failures=before.failures + (record.status != "sent"),
                due=record.due,
                at=record.at,
                code=record.code,
                reason=record.reason,
            )
        elif isinstance(record, Off):
            self.off[record.endpoint] = record
        elif isinstance(record, Reopened):
            self.off.clear()
            for key in self.open_ids():
                self.states[key] = replace(self.states[key], status="waiting", failures=0, due=record.at, at=record.at)
