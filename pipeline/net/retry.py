"""When a request is tried again, and how long to wait before."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, TypeVar

BASE_WAIT_S: Final = 1.0
MAX_WAIT_S: Final = 60.0
MAX_RETRY_AFTER_S: Final = 300.0
"""A server may ask for more; a nightly run then rather fails and is retried by its schedule."""

log = logging.getLogger(__name__)
Result = TypeVar("Result")


class TransientError(Exception):
    """A fault that may pass by itself, so that another try is worth it.

    Attributes:
        retry_after: seconds that the server asks to wait, if any.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        """Take message and wait."""
        super().__init__(message)
        self.retry_after = retry_after


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


def with_retries(attempt: Callable[[], Result], retries: int, pace: Pace = REAL_PACE) -> Result:
    """Return what `attempt` returns, called again after each `TransientError`, `retries` times at most.

    Raises:
        TransientError: the last one, when no try is left.
    """
    for tries in range(1, retries + 2):
        try:
            return attempt()
        except TransientError as fault:
            if tries > retries:
                raise TransientError(f"{fault} (given up after {tries} tries)") from None
            # Full jitter: spreads clients best, see Brooker, "Exponential Backoff and Jitter" (2015).
            wait = pace.chance() * min(MAX_WAIT_S, BASE_WAIT_S * 2 ** (tries - 1))
            if fault.retry_after is not None:
                wait = max(wait, min(fault.retry_after, MAX_RETRY_AFTER_S))
            log.info("%s; try %d of %d in %.1f s", fault, tries + 1, retries + 1, wait)
            pace.sleep(wait)
    raise AssertionError("retries is negative")


def retry_after(header: str | None, now: datetime) -> float | None:
    """Return the seconds that a `Retry-After` header asks for, as seconds or an HTTP date; None when unreadable."""
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
