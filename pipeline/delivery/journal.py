"""The journal of the outbox: what is to go out, each try, what came of it; only added to.

Addresses of recipients stand here and nowhere else: the file is its owner's alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from filelock import FileLock

from pipeline.delivery.deliveries import Delivery, Via
from pipeline.delivery.outcome import Outcome
from pipeline.delivery.schedule import next_try
from pipeline.settings import Settings
from pipeline.state.files import append_lines, force, read_lines

PRIVATE: Final = 0o600
Status = Literal["waiting", "sent", "dead"]


@dataclass(frozen=True)
class Standing:
    """Where a delivery stands.

    Attributes:
        status: waiting, sent or dead.
        attempt: the last try, 1 the first; 0 before it.
        tries: faults since it was put in or last reopened.
        due: when it is to be tried; of a waiting one.
        at: when it last changed.
        code: of the last answer.
        reason: of the last fault, in words without any address.
    """

    status: Status
    attempt: int
    tries: int
    due: datetime
    at: datetime
    code: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Off:
    """An endpoint that wants nothing any more."""

    via: Via
    at: datetime
    reason: str


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """Hold the outbox: one process at a time puts in or sends."""
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.state_dir / "outbox.lock"):
        yield


class Journal:
    """The outbox as its journal tells it, read once; what is added is on disk when the call returns."""

    def __init__(self, settings: Settings) -> None:
        """Read the journal."""
        self._path = settings.outbox_path
        self.deliveries: dict[str, Delivery] = {}
        self.standings: dict[str, Standing] = {}
        self.off: dict[str, Off] = {}
        for line in read_lines(self._path):
            self._take(line)

    def put_in(self, deliveries: Sequence[Delivery]) -> None:
        """Add deliveries, whose messages are on disk."""
        self._append([{"event": "put_in", **asdict(delivery)} for delivery in deliveries])

    def record(self, delivery: Delivery, endpoint: str, outcome: Outcome, now: datetime) -> Standing:
        """Add the receipt of one try; an endpoint that wants nothing any more is turned off."""
        before = self.standings[delivery.id]
        due = next_try(before.tries + 1, now, outcome.wait_s) if outcome.kind == "later" else now
        status: Status = "waiting"
        if outcome.kind == "sent":
            status = "sent"
        elif outcome.kind == "dead" or due is None:
            status = "dead"
        line = {
            "event": "tried",
            "id": delivery.id,
            "via": delivery.via,
            "attempt": before.attempt + 1,
            "status": status,
            "code": outcome.code,
            "reason": outcome.reason,
            "due": (due or now).isoformat(),
            "at": now.isoformat(),
        }
        lines = [line]
        if outcome.kind == "off":
            told = {"via": delivery.via, "at": now.isoformat(), "reason": outcome.reason}
            lines.append({"event": "off", "endpoint": endpoint, **told})
        self._append(lines)
        return self.standings[delivery.id]

    def reopen(self, now: datetime) -> int:
        """Let everything be tried from the first step on: dead letters, waiting ones, endpoints that are off.

        Returns:
            How many dead letters wait again.
        """
        dead = sum(standing.status == "dead" for standing in self.standings.values())
        self._append([{"event": "reopened", "at": now.isoformat()}])
        return dead

    def open_ids(self) -> set[str]:
        """Ids of all that is not sent: their messages are kept."""
        return {key for key, standing in self.standings.items() if standing.status != "sent"}

    def waiting(self, via: Via) -> list[Delivery]:
        """What waits to go by one channel: as it was put in, then what has failed before, the longest due first."""
        items = self.standings.items()
        found = [self.deliveries[key] for key, item in items if item.status == "waiting"]

        def turn(delivery: Delivery) -> tuple[bool, datetime]:
            standing = self.standings[delivery.id]
            return standing.tries > 0, standing.due

        return sorted((delivery for delivery in found if delivery.via == via), key=turn)

    def _append(self, lines: list[dict[str, Any]]) -> None:
        if not lines:
            return
        is_new = not self._path.exists()
        append_lines(self._path, lines, mode=PRIVATE)
        if is_new:
            force(self._path.parent)
        for line in lines:
            self._take(line)

    def _take(self, line: dict[str, Any]) -> None:
        """Add one line to what is known."""
        event = line.get("event")
        at = datetime.fromisoformat(line["at"])
        if event == "put_in":
            values = {key: value for key, value in line.items() if key != "event"}
            delivery = Delivery(**{**values, "told": tuple(values["told"])})
            self.deliveries[delivery.id] = delivery
            self.standings[delivery.id] = Standing("waiting", 0, 0, at, at)
        elif event == "tried" and line["id"] in self.standings:
            before = self.standings[line["id"]]
            self.standings[line["id"]] = Standing(
                status=line["status"],
                attempt=line["attempt"],
                tries=before.tries + 1,
                due=datetime.fromisoformat(line["due"]),
                at=at,
                code=line["code"],
                reason=line["reason"],
            )
        elif event == "off":
            self.off[line["endpoint"]] = Off(line["via"], at, line["reason"])
        elif event == "reopened":
            self.off.clear()
            for key in self.open_ids():
                self.standings[key] = replace(self.standings[key], status="waiting", tries=0, due=at, at=at)


def endpoint_of(url: str) -> str:
    """A name for an address that does not tell it; another address gets another one, and is not off."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]
