"""When a message is tried again.

The steps are those of Standard Webhooks 1.0.0 ("Deliverability and reliability"), each counted from the failure before
it: three days and three and a half hours in all. They have no jitter, which that text advises for services with many
senders: here one sender works through one outbox.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
STEPS_S: Final = (0, 5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
"""Seconds before each try."""
WAIT_WITHIN_S: Final = 10
"""A run waits for what is due so soon, that is for the step of 5 s; the rest is left to the next run."""
LONGEST_ASKED_S: Final = 24 * HOUR
"""A receiver may ask for longer; the next try still comes after the longest step."""
FAILURES_BEFORE_REST: Final = 3
"""Failures of one endpoint in a row after which all its messages wait, by the same steps: a dead receiver then costs a
run four time-outs, not one for each message."""


def next_try(failures: int, now: datetime, asked_s: float | None) -> datetime | None:
    """Return when to try again after `failures`; None where no try is left.

    Args:
        failures: how many there were.
        now: when the last one ended.
        asked_s: seconds that the receiver asks for; they never bring a try forward.
    """
    if failures >= len(STEPS_S):
        return None
    return now + timedelta(seconds=max(STEPS_S[failures], min(asked_s or 0.0, LONGEST_ASKED_S)))


def rest_after(failures: int) -> timedelta:
    """Return how long all messages of an endpoint wait after `FAILURES_BEFORE_REST` or more failures in a row."""
    return timedelta(seconds=STEPS_S[min(failures - FAILURES_BEFORE_REST + 1, len(STEPS_S) - 1)])
