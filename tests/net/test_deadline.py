"""The limit on the whole of a piece of work."""

from __future__ import annotations

import threading

import pytest

from pipeline.net.deadline import within


def test_result_of_work_in_time_is_returned() -> None:
    assert within(5, lambda: 42) == 42


def test_failure_of_work_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 // 0)


def test_work_that_takes_too_long_raises() -> None:
    released = threading.Event()
    with pytest.raises(TimeoutError):
        within(0.05, lambda: released.wait(10))
    released.set()
