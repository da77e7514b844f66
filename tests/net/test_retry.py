"""Waiting between tries, and the header that says how long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from pipeline.net.retry import Pace, TransientError, retry_after, with_retries


def failing(*faults: Exception) -> Callable[[], str]:
    """An attempt that fails once with each fault, then succeeds."""
    left = list(faults)

    def attempt() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return attempt


def pace(slept: list[float]) -> Pace:
    return Pace(sleep=slept.append, chance=lambda: 1.0)


def test_waits_double_up_to_a_minute() -> None:
    slept: list[float] = []
    faults = [TransientError("answered 500") for _ in range(9)]
    assert with_retries(failing(*faults), 9, pace(slept)) == "done"
    assert slept == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_wait_of_the_server_is_kept_up_to_five_minutes() -> None:
    slept: list[float] = []
    faults = [TransientError("answered 503", seconds) for seconds in (7.0, 0.0, 86_400.0)]
    with_retries(failing(*faults), 3, pace(slept))
    assert slept == [7, 2, 300]


def test_last_fault_is_raised_with_the_number_of_tries() -> None:
    slept: list[float] = []
    with pytest.raises(TransientError, match=r"answered 500 \(given up after 3 tries\)"):
        with_retries(failing(*[TransientError("answered 500")] * 3), 2, pace(slept))
    assert slept == [1, 2]


def test_other_faults_are_not_tried_again() -> None:
    with pytest.raises(ValueError, match="broken"):
        with_retries(failing(ValueError("broken")), 5, pace([]))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        ("Tue, 03 Nov 2026 11:00:00 GMT", 0.0),
        ("Tue, 03 Nov 2026 12:00:10 -0000", 10.0),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, datetime(2026, 11, 3, 12, tzinfo=UTC)) == seconds
