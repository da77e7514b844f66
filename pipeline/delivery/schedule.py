"""When a message is tried again.

The steps are those of Standard Webhooks 1.0.0 ("Deliverability and reliability"), each counted from the fault before
it: three days and three and a half hours in all. They are not spread by chance as that text advises for services of
many senders: here one sender works through one queue.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
STEPS_S: Final = (0, 5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
"""Seconds before each try."""
WAIT_WITHIN_S: Final = 10
"""What is due so soon is waited for by the run that met the fault: the step of 5 s. Anything longer is left to the next
run."""
LONGEST_ASKED_S: Final = 24 * HOUR
"""A receiver may ask for longer; then the next try comes after the longest step all the same."""
IN_A_ROW: Final = 3
"""Passing faults of one endpoint, one after the other, after which all its messages wait, by the same steps: a dead
receiver then costs a run four time-outs, not one for each message."""


def next_try(tries: int, now: datetime, asked_s: float | None) -> datetime | None:
    """When to try again after `tries` faults; None where no try is left.

    Args:
        tries: how many tries there were.
        now: when the last one ended.
        asked_s: seconds that the receiver asks for; they never bring a try forward.
    """
    if tries >= len(STEPS_S):
        return None
    return now + timedelta(seconds=max(STEPS_S[tries], min(asked_s or 0.0, LONGEST_ASKED_S)))


def rest_after(in_a_row: int) -> timedelta:
    """How long all messages of an endpoint wait after `in_a_row` faults without a success, `IN_A_ROW` or more."""
    return timedelta(seconds=STEPS_S[min(in_a_row - IN_A_ROW + 1, len(STEPS_S) - 1)])
