"""When to try again and how long to wait."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, TypeVar

from pipeline.ingest.sources.faults import PassingError, SourceError

BASE_WAIT_S: Final = 1.0
MAX_WAIT_S: Final = 60.0
MAX_RETRY_AFTER_S: Final = 300.0
"""A server may ask for more; a nightly run then rather fails and is retried by its schedule."""
NET_PROGRESS_BYTES: Final = 1024 * 1024
"""So many new bytes since the last fault make a transfer worth a fresh count of tries: a file of 20 GiB over a
line that breaks every gigabyte still arrives, one that starts over each time does not go on for ever."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pace:
    """Time and chance, so that tests need neither.

    Attributes:
        sleep: waits for some seconds.
        monotonic: seconds on a clock that only goes forward.
        chance: a number from 0 to 1, equally likely.
        now: the time, with zone.
    """

    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


REAL_PACE: Final = Pace()
Got = TypeVar("Got")


class Tries:
    """Counts the tries of one request and waits between them."""

    def __init__(self, retries: int, pace: Pace) -> None:
        """Allow `retries` further tries after the first."""
        self._retries, self._pace = retries, pace
        self._used = 0
        self._reached = 0

    def wait(self, fault: PassingError, reached_bytes: int = 0) -> None:
        """Wait before the next try.

        Args:
            fault: why the last try ended.
            reached_bytes: size of what is there of the file.

        Raises:
            SourceError: no try is left.
        """
        if reached_bytes >= self._reached + NET_PROGRESS_BYTES:
            self._used, self._reached = 0, reached_bytes
        if self._used >= self._retries:
            raise SourceError(f"{fault} (given up after {self._used + 1} tries)") from None
        # Full jitter: spreads clients best, see Brooker, "Exponential Backoff and Jitter" (2015).
        wait = self._pace.chance() * min(MAX_WAIT_S, BASE_WAIT_S * 2**self._used)
        if fault.retry_after is not None:
            wait = max(wait, min(fault.retry_after, MAX_RETRY_AFTER_S))
        self._used += 1
        log.info("%s; try %d of %d in %.1f s", fault, self._used + 1, self._retries + 1, wait)
        self._pace.sleep(wait)


def tried(tries: Tries, attempt: Callable[[], Got], reached_bytes: Callable[[], int] = lambda: 0) -> Got:
    """What `attempt` returns, asked again after each passing fault for as long as `tries` allows.

    Raises:
        SourceError: no try is left, or `attempt` met a fault that does not pass.
    """
    while True:
        try:
            return attempt()
        except PassingError as fault:
            tries.wait(fault, reached_bytes())


def retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds that a `Retry-After` header asks for, given as seconds or as an HTTP date; None when it says nothing."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
